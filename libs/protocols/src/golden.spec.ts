import type { StreamEvent } from '@bytespike/ir';
import { PROTOCOL_NAMES, type JsonValue, type ProtocolName } from '@bytespike/kernel';

import { requestFixtures, streamFixtures } from './testing/fixtures.js';
import { expectGolden, printIr } from './testing/golden.js';
import { TRANSLATABLE } from './translation/translations.js';

/** Vendors whose spelling of a protocol is worth reading; `full` is written for all of them. */
const VENDORS: Partial<Record<ProtocolName, readonly string[]>> = {
  'anthropic-messages': ['anthropic'],
  'openai-chat': ['openai', 'deepseek'],
};
const ALL_CHAT = ['openai', 'deepseek', 'moonshot', 'zhipu', 'minimax', 'bytedance'];

const protocols = PROTOCOL_NAMES.flatMap((name) => {
  const found = TRANSLATABLE[name];
  return found ? [found] : [];
});

const jsonLines = (items: readonly unknown[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join('');

describe.each(protocols)('requests of $name', (from) => {
  it.each(requestFixtures(from.name))('$name reads as its golden', ({ path, body }) => {
    expectGolden(`${path}.ir.json`, `${printIr(from.readRequest(body as JsonValue))}\n`);
  });

  const others = protocols.filter((to) => to !== from);
  it.each(others.flatMap((to) => requestFixtures(from.name).map((fixture) => ({ ...fixture, to, target: to.name }))))(
    '$name is written for $target as its golden',
    ({ name, path, body, to }) => {
      const ir = from.readRequest(body as JsonValue);
      const vendors = name === 'full' && to.name === 'openai-chat' ? ALL_CHAT : (VENDORS[to.name] ?? []);
      const written = Object.fromEntries(vendors.map((vendor) => [vendor, to.writeRequest(ir, { vendor })]));
      expectGolden(`${path}.${to.name}.json`, `${JSON.stringify(written, null, 2)}\n`);
    },
  );
});

describe.each(protocols)('streams of $name', (from) => {
  const decode = (chunks: readonly unknown[]): readonly StreamEvent[] => {
    const decoder = from.openDecoder();
    const events = chunks.flatMap((chunk) =>
      decoder.push({ event: undefined, data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }),
    );
    return [...events, ...decoder.end()];
  };

  it.each(streamFixtures(from.name))('$name reads as its golden', ({ path, chunks }) => {
    const events = decode(chunks).map((event) => JSON.parse(printIr(event)) as object);
    expectGolden(`${path}.ir.jsonl`, jsonLines(events));
  });

  it.each(protocols.flatMap((to) => streamFixtures(from.name).map((fixture) => ({ ...fixture, to, target: to.name }))))(
    '$name is written for $target as its golden',
    ({ path, chunks, to }) => {
      const encoder = to.openEncoder();
      expectGolden(
        `${path}.${to.name}.sse`,
        decode(chunks)
          .map((event) => encoder.push(event))
          .join(''),
      );
    },
  );
});
