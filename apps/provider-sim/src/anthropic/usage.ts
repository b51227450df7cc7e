import type { Segment } from '../cache/prompt-cache.js';
import { countTokens } from '../brain/tokens.js';
import type { MessagesRequest, WireBlock, WireCacheControl } from './messages-request.js';
import { blocksOf } from './messages-request.js';

const MEDIA_TOKENS = 64;
const MESSAGE_TOKENS = 3;

const markOf = (control: WireCacheControl | null | undefined): Pick<Segment, 'mark'> =>
  control ? { mark: control.ttl ?? '5m' } : {};

/** A block without its mark, and its inner blocks without theirs: breakpoints move, the cached text stays. */
const bare = (block: WireBlock): object => ({
  ...block,
  cache_control: undefined,
  ...(Array.isArray(block.content) && { content: block.content.map(bare) }),
});

const tokensOf = (block: WireBlock): number => {
  switch (block.type) {
    case 'text':
      return countTokens(block.text ?? '');
    case 'image':
    case 'document':
      return MEDIA_TOKENS + Math.ceil((block.source?.data?.length ?? 0) / 1_000);
    case 'thinking':
      return countTokens(block.thinking ?? '');
    case 'tool_result':
      return blocksOf(block.content).reduce((sum, inner) => sum + tokensOf(inner), 0);
    case 'tool_use':
      return countTokens(block.name ?? '') + countTokens(JSON.stringify(block.input ?? {}));
    default:
      return countTokens(JSON.stringify(block));
  }
};

/** Anthropic leaves the mark of a nested block to its holder: the breakpoint is after the tool result. */
const innerMark = (block: WireBlock): WireCacheControl | null | undefined =>
  block.cache_control ??
  (Array.isArray(block.content)
    ? block.content.findLast((inner: WireBlock) => inner.cache_control)?.cache_control
    : undefined);

/** The prompt as segments in the order the vendor renders it: tools, system, messages. */
export const segmentsOf = (request: MessagesRequest): readonly Segment[] => {
  const tools = (request.tools ?? []).map((tool): Segment => {
    const text = JSON.stringify({ ...tool, cache_control: undefined });
    return { text, tokens: countTokens(text), ...markOf(tool.cache_control) };
  });
  const system = blocksOf(request.system).map((block): Segment => ({
    text: block.text ?? '',
    tokens: tokensOf(block),
    ...markOf(block.cache_control),
  }));
  const messages = request.messages.flatMap((message) =>
    blocksOf(message.content).map((block, index): Segment => ({
      text: `${message.role} ${JSON.stringify(bare(block))}`,
      tokens: tokensOf(block) + (index === 0 ? MESSAGE_TOKENS : 0),
      ...markOf(innerMark(block)),
    })),
  );
  const segments = [...tools, ...system, ...messages];
  const last = segments.at(-1);
  // A mark on the request itself is one on its last block.
  if (!request.cache_control || last === undefined) return segments;
  return [...segments.slice(0, -1), { ...last, ...markOf(request.cache_control) }];
};

export const inputTokensOf = (segments: readonly Segment[]): number =>
  segments.reduce((sum, segment) => sum + segment.tokens, 0);
