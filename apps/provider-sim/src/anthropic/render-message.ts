import type { Answer, Finish } from '../brain/answer.js';
import type { Frame } from '../wire/wire.js';
import type { InputUsage, Persona } from './persona.js';
import type { RenderedBlock } from './render-blocks.js';

/** A message ready to be said either way. */
export interface RenderedMessage {
  readonly persona: Persona;
  readonly answer: Answer;
  readonly model: string;
  readonly blocks: readonly RenderedBlock[];
  readonly inputUsage: InputUsage;
}

const STOP_REASONS = {
  end: 'end_turn',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  pause: 'pause_turn',
} as const satisfies Record<Finish, string>;

const endingOf = ({ answer }: RenderedMessage) => ({
  stop_reason: STOP_REASONS[answer.finish],
  stop_sequence: answer.stopSequence ?? null,
  stop_details: answer.refusal === undefined ? null : { type: 'refusal', ...answer.refusal },
});

const outputUsageOf = ({ persona, answer }: RenderedMessage): Readonly<Record<string, unknown>> =>
  persona.outputUsage({
    outputTokens: answer.outputTokens,
    thinkingTokens: answer.thinkingTokens,
    searches: answer.parts.filter((part) => part.type === 'search').length,
  });

const TIER = { service_tier: 'standard', inference_geo: 'global' };

const frameOf = ({ persona, answer, model }: RenderedMessage) => ({
  model,
  id: persona.messageId(answer.id),
  type: 'message',
  role: 'assistant',
});

/** The whole message as one body. */
export const renderBody = (message: RenderedMessage): string =>
  JSON.stringify({
    ...frameOf(message),
    content: message.blocks.map((block) => block.whole),
    ...endingOf(message),
    usage: { ...message.inputUsage, ...outputUsageOf(message), ...TIER },
  });

export const sse = (part: Frame['part'], event: { readonly type: string }): Frame => ({
  part,
  text: `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
});

const PING: Frame = sse('keep-alive', { type: 'ping' });

/** The same message as the stream that builds it; the ping stands where the vendor puts its first one. */
export const renderStream = (message: RenderedMessage): readonly Frame[] => {
  const frames: Frame[] = [];
  const start = {
    ...frameOf(message),
    content: [],
    stop_reason: null,
    stop_sequence: null,
    stop_details: null,
    usage: { ...message.inputUsage, output_tokens: 1, ...TIER },
  };
  frames.push(sse('opening', Object.assign({ type: 'message_start' }, { message: start })));
  for (const [index, block] of message.blocks.entries()) {
    const opening = { type: 'content_block_start', index, content_block: block.start };
    frames.push(sse(index === 0 ? 'opening' : 'content', opening));
    if (index === 0) frames.push(PING);
    for (const delta of block.deltas())
      frames.push(sse('content', Object.assign({ type: 'content_block_delta' }, { index, delta })));
    frames.push(sse('content', Object.assign({ type: 'content_block_stop' }, { index })));
  }
  if (message.blocks.length === 0) frames.push(PING);
  const usage = { ...message.inputUsage, ...outputUsageOf(message) };
  frames.push(sse('usage', Object.assign({ type: 'message_delta' }, { delta: endingOf(message), usage })));
  frames.push(sse('terminator', { type: 'message_stop' }));
  return frames;
};
