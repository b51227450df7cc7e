import type { CacheMark, GenerateRequest, Part, Raw, ToolResultContent } from '@bytespike/ir';

import type { LossList } from '../losses.js';

type Marked = Pick<GenerateRequest, 'tools' | 'system' | 'turns' | 'caching'>;
interface Node {
  readonly cache?: CacheMark;
  readonly raw?: Raw;
}

/** What becomes of each mark, by its path. */
interface Verdict {
  readonly dropped: ReadonlySet<string>;
  readonly lengthened: ReadonlySet<string>;
}

interface Mark {
  readonly path: string;
  readonly cache: CacheMark;
  readonly isOwn: boolean;
}

const LASTS_AN_HOUR: readonly (CacheMark['ttl'] | undefined)[] = ['30m', '1h', '12h'];

/** Instructions of one part are named as a whole: that is how they stand on this wire. */
const systemPath = ({ length }: readonly unknown[], index: number, at: number): string =>
  length === 1 ? `system.${index}` : `system.${index}.parts.${at}`;

/** Every mark in the order in which the vendor renders what it stands on: tools, system, messages. */
function marksOf({ tools, system, turns }: Marked): readonly Mark[] {
  const mark = (node: Node, path: string): Mark[] =>
    node.cache ? [{ path, cache: node.cache, isOwn: node.raw?.protocol === 'anthropic-messages' }] : [];
  return [
    ...tools.flatMap((tool, index) => mark(tool, `tools.${index}`)),
    ...system.flatMap(({ parts }, index) => parts.flatMap((part, at) => mark(part, systemPath(parts, index, at)))),
    ...turns.flatMap(({ parts }, index) =>
      parts.flatMap((part, at) => {
        const path = `turns.${index}.parts.${at}`;
        const inner = part.type === 'tool-result' ? part.content : [];
        return [...inner.flatMap((node, nth) => mark(node, `${path}.content.${nth}`)), ...mark(part, path)];
      }),
    ),
  ];
}

/**
 * The request with no more marks than its vendor takes: the oldest go first (protocols 2.12). Lifetimes that another
 * wire gave are rounded up, and a longer one may not follow a shorter one.
 */
export function limitMarks<Request extends Marked>(request: Request, marksMax: number, losses: LossList): Request {
  const marks = marksOf(request);
  const auto = request.caching?.auto ? 1 : 0;
  const excess = Math.max(0, marks.length - Math.max(0, marksMax - auto));
  const kept = marks.slice(excess);
  const lastHour = kept.findLastIndex(({ cache }) => LASTS_AN_HOUR.includes(cache.ttl));
  const lengthened = kept.filter(
    ({ cache, isOwn }, index) =>
      !isOwn && cache.ttl !== '1h' && (LASTS_AN_HOUR.includes(cache.ttl) || index < lastHour),
  );
  for (const { path } of marks.slice(0, excess)) losses.drop('L83', `${path}.cache_control`);
  for (const { path } of lengthened) losses.approximate('L83', `${path}.cache_control`);
  if (excess === 0 && lengthened.length === 0) return request;
  return withVerdict(request, {
    dropped: new Set(marks.slice(0, excess).map(({ path }) => path)),
    lengthened: new Set(lengthened.map(({ path }) => path)),
  });
}

function withVerdict<Request extends Marked>(request: Request, verdict: Verdict): Request {
  return {
    ...request,
    tools: request.tools.map((tool, index) => judged(tool, `tools.${index}`, verdict)),
    system: request.system.map((segment, index) => {
      const parts = segment.parts.map((part, at) => judged(part, systemPath(segment.parts, index, at), verdict));
      return parts.every((part, at) => part === segment.parts[at]) ? segment : { ...segment, parts, ...rawOf(parts) };
    }),
    turns: request.turns.map((turn, index) => {
      const parts = turn.parts.map((part, at) => judgedPart(part, `turns.${index}.parts.${at}`, verdict));
      return parts.every((part, at) => part === turn.parts[at]) ? turn : { ...turn, parts };
    }),
  };
}

/** A system block stands in a segment of its own, which repeats the block. */
const rawOf = ([part]: readonly { readonly raw?: Raw }[]): { raw?: Raw } => (part?.raw ? { raw: part.raw } : {});

function judgedPart(part: Part, path: string, verdict: Verdict): Part {
  const outer = judged(part, path, verdict);
  if (outer.type !== 'tool-result') return outer;
  const content = outer.content.map((node, nth): ToolResultContent => judged(node, `${path}.content.${nth}`, verdict));
  if (content.every((node, nth) => node === outer.content[nth])) return outer;
  const { raw: _raw, ...rest } = outer;
  return { ...rest, content };
}

function judged<N extends Node>(node: N, path: string, { dropped, lengthened }: Verdict): N {
  if (lengthened.has(path)) return { ...node, cache: { ttl: '1h' as const } };
  if (!dropped.has(path)) return node;
  const { cache: _cache, ...rest } = node;
  if (!node.raw) return rest as N;
  const { cache_control: _mark, ...value } = node.raw.value;
  return { ...rest, raw: { ...node.raw, value } } as N;
}
