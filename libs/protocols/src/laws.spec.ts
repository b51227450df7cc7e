import { foldStream, findStreamFault, type GenerateResponse, type StreamEvent } from '@bytespike/ir';
import { arbitraryStream } from '@bytespike/ir/testing';
import { GatewayError, PROTOCOL_NAMES, type JsonValue } from '@bytespike/kernel';
import fc from 'fast-check';

import { clientPaths } from './losses.js';
import { findMessagesFault, readMessagesStream } from './testing/messages-grammar.js';
import { requestFixtures, streamFixtures } from './testing/fixtures.js';
import { toDeepSeek } from './testing/exchange-options.js';
import { openExchange } from './translation/exchange.js';
import type { Translatable } from './translation/translatable.js';
import { TRANSLATABLE } from './translation/translations.js';

const protocols = PROTOCOL_NAMES.flatMap((name) => {
  const found = TRANSLATABLE[name];
  return found ? [found] : [];
});
const encoder = new TextEncoder();

const dataOf = (chunk: unknown): string => (typeof chunk === 'string' ? chunk : JSON.stringify(chunk));

function decode(from: Translatable, chunks: readonly unknown[]): readonly StreamEvent[] {
  const decoder = from.openDecoder();
  const events = chunks.flatMap((chunk) => decoder.push({ event: undefined, data: dataOf(chunk) }));
  return [...events, ...decoder.end()];
}

/** Arguments and citations are compared by what they mean: one wire holds them as text, the other as a value. */
const normal = ({ parts, ...rest }: GenerateResponse) => ({
  ...rest,
  parts: parts.map((part) =>
    part.type === 'tool-call' && part.kind === 'function'
      ? { ...part, argumentsText: JSON.stringify(tryJson(part.argumentsText)) }
      : part,
  ),
});

/** Without the vendor's own word for the end, which we correct where it was wrong. */
const settled = (response: GenerateResponse) => ({
  ...normal(response),
  finish: { ...response.finish, raw: undefined },
});

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

describe.each(protocols)('$name', (protocol) => {
  const whole = streamFixtures(protocol.name).filter(({ body }) => body !== undefined);

  it.each(whole)('$name: the stream folds to the unstreamed answer', ({ chunks, body }) => {
    const folded = foldStream(decode(protocol, chunks));
    expect(normal(folded)).toEqual(normal(protocol.readAnswer(body as JsonValue)));
  });

  it.each(whole)('$name: an answer survives its own protocol', ({ body }) => {
    const answer = protocol.readAnswer(body as JsonValue);
    expect(settled(protocol.readAnswer(protocol.writeAnswer(answer).wire))).toEqual(settled(answer));
  });

  it.each(whole)('$name: a stream survives its own protocol', ({ chunks }) => {
    const events = decode(protocol, chunks);
    const written = decode(protocol, recordsOf(events.map(protocol.openEncoder().push).join('')));
    expect(settled(foldStream(written))).toEqual(settled(foldStream(events)));
  });

  it.each(streamFixtures(protocol.name))('$name: what is decoded is well formed', ({ chunks }) => {
    expect(findStreamFault(decode(protocol, chunks))).toBeUndefined();
  });

  it.each(requestFixtures(protocol.name))(
    '$name: a request survives its own protocol, but for what it is said to lose',
    ({ body }) => {
      const vendor = protocol.name === 'openai-chat' ? 'openai' : 'anthropic';
      const request = protocol.readRequest(body as JsonValue);
      const { wire, losses } = protocol.writeRequest(request, { vendor });
      const inClientsWords = clientPaths(protocol.fields, request);
      const lost = losses.map(({ path }) => inClientsWords(path));
      expect(sameRequest(wire, lost)).toEqual(sameRequest(body, lost));
    },
  );

  it('throws nothing but failures of ours, whatever a body holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const read of [protocol.readRequest, protocol.readAnswer]) {
          const thrown = catching(() => void read(value as JsonValue));
          expect(thrown === undefined || thrown instanceof GatewayError).toBe(true);
        }
      }),
    );
  });

  it('throws nothing but failures of ours, whatever the fields of a body hold', () => {
    const bodies = requestFixtures(protocol.name).map(({ body }) => body);
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), fc.jsonValue(), (body, at, value) => {
        const thrown = catching(() => void protocol.readRequest(replaceAt(body, at, value) as JsonValue));
        expect(thrown === undefined || (thrown instanceof GatewayError && thrown.kind === 'invalid-request')).toBe(
          true,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('throws nothing but failures of ours, whatever the chunks of a stream hold', () => {
    const streams = streamFixtures(protocol.name).map(({ chunks }) => chunks);
    fc.assert(
      fc.property(fc.constantFrom(...streams), fc.nat(), fc.jsonValue(), (chunks, at, value) => {
        const spoilt = replaceAt(chunks, at, value) as readonly unknown[];
        const thrown = catching(() => void decode(protocol, Array.isArray(spoilt) ? spoilt : [spoilt]));
        expect(thrown === undefined || (thrown instanceof GatewayError && thrown.kind === 'upstream-garbled')).toBe(
          true,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('writes a stream that reads as the same answer, text and calls in their order', () => {
    fc.assert(
      fc.property(arbitraryStream, (events) => {
        const written = decode(protocol, writtenChunks(protocol, events));
        expect(spoken(foldStream(written))).toEqual(spoken(foldStream(events)));
      }),
    );
  });
});

/** Text and function calls: what every protocol carries, whatever it does with the rest. */
function spoken({ parts }: GenerateResponse) {
  const text = parts.flatMap((part) => (part.type === 'text' || part.type === 'refusal' ? [part.text] : []));
  const calls = parts.flatMap((part) => {
    if (part.type !== 'tool-call' || part.kind !== 'function') return [];
    return isObject(tryJson(part.argumentsText)) ? [[part.id, part.name, tryJson(part.argumentsText)]] : [];
  });
  return { text: text.join(''), calls };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

function writtenChunks(protocol: Translatable, events: readonly StreamEvent[]): readonly string[] {
  const written = protocol.openEncoder();
  const runnable = foldStream(events).parts.map((part) =>
    part.type === 'tool-call' ? part.kind === 'function' && isObject(tryJson(part.argumentsText)) : true,
  );
  const kept = events.filter((event) => !('index' in event) || runnable[event.index]);
  return recordsOf(kept.map((event) => written.push(event)).join(''));
}

const recordsOf = (text: string): readonly string[] =>
  text
    .split('\n\n')
    .filter((record) => record !== '')
    .map((record) => record.slice(record.indexOf('data: ') + 'data: '.length));

function catching(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return thrown;
  }
}

/** The value with its n-th node, counted in order, replaced. */
function replaceAt(value: unknown, nth: number, by: unknown): unknown {
  const paths: (readonly (string | number)[])[] = [];
  const collect = (node: unknown, path: readonly (string | number)[]): void => {
    paths.push(path);
    if (Array.isArray(node)) node.forEach((inner, index) => collect(inner, [...path, index]));
    else if (typeof node === 'object' && node !== null)
      for (const [key, inner] of Object.entries(node)) collect(inner, [...path, key]);
  };
  collect(value, []);
  const path = paths[nth % paths.length] ?? [];
  const put = (node: unknown, [key, ...rest]: readonly (string | number)[]): unknown => {
    if (key === undefined) return by;
    if (Array.isArray(node)) return node.map((inner, index) => (index === key ? put(inner, rest) : (inner as unknown)));
    return { ...(node as object), [key]: put((node as Record<string, unknown>)[key], rest) };
  };
  return put(value, path);
}

/** A request without the fields it lost, and with one spelling where there are two: of the limit, of a lone stop. */
function sameRequest(wire: object, lost: readonly string[]): object {
  const fields = Object.entries(wire).filter(([name]) => !lost.includes(name) && name !== 'stream_options');
  const { max_tokens, max_completion_tokens, stop, ...rest } = Object.fromEntries(fields) as Record<string, unknown>;
  const told = lost.includes('logprobs') ? { ...rest, top_logprobs: undefined } : rest;
  return { ...told, limit: max_completion_tokens ?? max_tokens, stop: [stop].flat() };
}

describe('a Messages client at a Chat vendor', () => {
  const body = JSON.stringify({ model: 'm', max_tokens: 9, stream: true, messages: [{ role: 'user', content: 'Hi' }] });
  const streams = streamFixtures('openai-chat').map(({ name, chunks }) => ({
    name,
    bytes: encoder.encode(chunks.map((chunk) => `data: ${dataOf(chunk)}\n\n`).join('')),
  }));

  interface Result {
    readonly text: string;
    readonly failed: boolean;
  }

  function translate(pieces: readonly Uint8Array[]): Result {
    const stream = openExchange(body, toDeepSeek).stream();
    const results = pieces.map((piece) => stream.push(piece));
    const all = results.some(({ failure }) => failure) ? results : [...results, stream.end()];
    return { text: all.map(({ text }) => text).join(''), failed: all.some(({ failure }) => failure !== undefined) };
  }

  it.each(streams)('$name: any split of the bytes gives the same output', ({ bytes }) => {
    const expected = translate([bytes]);
    expect(translate([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length }), { maxLength: 6 }), (cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(translate(pieces)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  it.each(streams)('$name: what the client receives obeys the grammar', ({ bytes }) => {
    const { text, failed } = translate([bytes]);
    expect(findMessagesFault(readMessagesStream(text), failed ? 'cut' : 'whole')).toBeUndefined();
  });

  it.each(streams)('$name: cut anywhere before its terminal item it never ends normally', ({ bytes }) => {
    const text = new TextDecoder().decode(bytes);
    const finish = /data: [^\n]*"finish_reason": ?"[^\n]*\n\n|data: \[DONE\]\n\n/.exec(text);
    const terminal = finish ? encoder.encode(text.slice(0, finish.index + finish[0].length)).length : bytes.length;
    // A byte changes nothing before its record is whole, so one cut stands for every other in the same record.
    const whole = [...bytes.keys()].filter((at) => bytes[at] === 0x0a && bytes[at - 1] === 0x0a);
    const cuts = [0, ...whole.flatMap((at) => [at - 20, at, at + 1])].filter((cut) => cut >= 0 && cut < terminal);
    const results = cuts.map((cut) => translate([bytes.subarray(0, cut)]));
    expect(results.filter(({ failed, text: sent }) => !failed || sent.includes('message_stop'))).toEqual([]);
    const stream = openExchange(body, toDeepSeek).stream();
    const sent = [...bytes.subarray(0, terminal - 1)].map((byte) => stream.push(Uint8Array.of(byte)).text);
    expect(sent.join('')).not.toContain('message_stop');
  });
});
