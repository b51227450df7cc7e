import type { GenerateResponse, ResponsePart, StreamEvent } from '@bytespike/ir';

import type { Translatable } from '../translation/translatable.js';
import { dataItems } from './client-streams.js';

/** The value a text holds, or the text itself where it is none. */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The events of a stream whose records carry these chunks. */
export function decode(from: Translatable, chunks: readonly unknown[]): readonly StreamEvent[] {
  const decoder = from.openDecoder();
  const events = chunks.flatMap((chunk) =>
    decoder.push({ event: undefined, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }),
  );
  return [...events, ...decoder.end()];
}

/** The events of a stream in a client's dialect. */
export const decodeText = (client: Translatable, text: string): readonly StreamEvent[] =>
  decode(client, dataItems(text));

/** Arguments are compared by what they mean: one wire holds them as text, another as a value. */
export const normal = ({ parts, ...rest }: GenerateResponse) => ({
  ...rest,
  parts: parts.map((part) =>
    part.type === 'tool-call' && part.kind === 'function'
      ? { ...part, argumentsText: JSON.stringify(tryJson(part.argumentsText)) }
      : part,
  ),
});

/** Without the vendor's own word for the end, which we correct where it was wrong. */
export const settled = (response: GenerateResponse) => ({
  ...normal(response),
  finish: { ...response.finish, raw: undefined },
});

/**
 * Without calls whose arguments broke off: a stream has begun them before that can be known, and a whole answer leaves
 * them out.
 */
export const runnable = (response: GenerateResponse): GenerateResponse => ({
  ...response,
  parts: response.parts.filter(
    (part) => part.type !== 'tool-call' || part.kind !== 'function' || isObject(tryJson(part.argumentsText)),
  ),
});

/** What every protocol carries, whatever it does with the rest: the words, and the function calls in their order. */
export function spoken({ parts }: { readonly parts: readonly ResponsePart[] }) {
  const text = parts.flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? [part.text] : []));
  const calls = parts.flatMap((part) => {
    if (part.type !== 'tool-call' || part.kind !== 'function') return [];
    return isObject(tryJson(part.argumentsText)) ? [[part.id, part.name, tryJson(part.argumentsText)]] : [];
  });
  return { text: text.join(''), calls };
}
