import { tokenize } from '../brain/tokens.js';
import { logprobsOf } from '../openai/logprobs.js';
import type { Frame } from '../wire/wire.js';
import type { Envelope } from './completion.js';
import { reasoningFields } from './completion.js';
import type { ChatMessage, ChatToolCall } from './message.js';

/** How the caller and the vendor want the stream. */
export interface StreamStyle {
  readonly usage: object;
  /** `nulls` marks the chunks of a stream that ends with a usage chunk of its own. */
  readonly usageIn: 'own-chunk' | 'finish-chunk' | 'nowhere';
  readonly argumentPieces: 'tokens' | 'whole';
  readonly obfuscates: boolean;
  readonly keepAlive: string | undefined;
}

const DONE: Frame = { part: 'terminator', text: 'data: [DONE]\n\n' };
const PADDING = 'xKv81QmZr4TtYw0nBc7LdJ3s';
const PADDING_MIN = 4;

/** The response as chunks. Each is put together from strings: the envelope is serialised once and not per token. */
export const completionFrames = (message: ChatMessage, envelope: Envelope, style: StreamStyle): readonly Frame[] => {
  const { id, created, model, extras } = envelope;
  const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...extras }).slice(0, -1);
  const usageNull = style.usageIn === 'own-chunk' ? ',"usage":null' : '';
  const frames: Frame[] = style.keepAlive === undefined ? [] : [{ part: 'keep-alive', text: style.keepAlive }];
  const write = (part: Frame['part'], choice: string, rest: string): void => {
    frames.push({ part, text: `data: ${head},"choices":[${choice}]${rest}}\n\n` });
  };
  for (let index = 0; index < envelope.choices; index += 1) {
    const delta = (part: Frame['part'], value: object, logprobs: string): void => {
      const written = JSON.stringify(value);
      const padding = style.obfuscates
        ? `,"obfuscation":"${PADDING.slice(0, PADDING_MIN + (written.length % (PADDING.length - PADDING_MIN)))}"`
        : '';
      write(
        part,
        `{"index":${index},"delta":${written},"logprobs":${logprobs},"finish_reason":null}`,
        usageNull + padding,
      );
    };
    delta('opening', openingDelta(message, envelope), 'null');
    writeMessage(message, { envelope, style, delta });
    const usage =
      style.usageIn === 'finish-chunk' && index === envelope.choices - 1
        ? `,"usage":${JSON.stringify(style.usage)}`
        : usageNull;
    write(
      'terminator',
      `{"index":${index},"delta":{},"logprobs":null,"finish_reason":"${message.finishReason}"}`,
      usage,
    );
  }
  if (style.usageIn === 'own-chunk') write('usage', '', `,"usage":${JSON.stringify(style.usage)}`);
  frames.push(DONE);
  return frames;
};

interface Pen {
  readonly envelope: Envelope;
  readonly style: StreamStyle;
  readonly delta: (part: Frame['part'], value: object, logprobs: string) => void;
}

const openingDelta = (message: ChatMessage, { refusals, deltasNameBoth }: Envelope): object => {
  if (deltasNameBoth) return { role: 'assistant', content: null, reasoning_content: '' };
  if (refusals === 'content') return { role: 'assistant', content: '' };
  return {
    role: 'assistant',
    content: message.content === null && message.toolCalls.length > 0 ? null : '',
    refusal: null,
  };
};

const writeMessage = (message: ChatMessage, { envelope, style, delta }: Pen): void => {
  const { slot, refusals, deltasNameBoth, logprobs } = envelope;
  for (const reasoning of tokenize(message.reasoning))
    delta('content', { ...(deltasNameBoth && { content: null }), ...reasoningFields(reasoning, slot) }, 'null');
  for (const content of tokenize(message.content ?? '')) {
    const odds =
      logprobs === undefined ? 'null' : JSON.stringify({ content: logprobsOf(content, logprobs.top), refusal: null });
    delta('content', { content, ...(deltasNameBoth && { reasoning_content: null }) }, odds);
  }
  if (message.annotations.length > 0 && refusals === 'own-field')
    delta('content', { annotations: message.annotations }, 'null');
  const refusalField = refusals === 'own-field' ? 'refusal' : 'content';
  for (const refusal of tokenize(message.refusal ?? '')) delta('content', { [refusalField]: refusal }, 'null');
  for (const [index, call] of message.toolCalls.entries())
    for (const fragment of callFragments(call, { index, pieces: style.argumentPieces }))
      delta('content', { tool_calls: [fragment] }, 'null');
};

const callFragments = (
  call: ChatToolCall,
  { index, pieces }: { index: number; pieces: 'tokens' | 'whole' },
): readonly object[] => {
  const { id, type, name, written } = call;
  const first = (text: string): object => ({
    index,
    id,
    type,
    ...(type === 'function' ? { function: { name, arguments: text } } : { custom: { name, input: text } }),
  });
  if (pieces === 'whole') return [first(written)];
  const rest = tokenize(written).map((text) => ({
    index,
    ...(type === 'function' ? { function: { arguments: text } } : { custom: { input: text } }),
  }));
  return [first(''), ...rest];
};
