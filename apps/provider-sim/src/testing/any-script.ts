import fc from 'fast-check';
import { createMemory } from '../wire/create-memory.js';
import type { Call, Reply, Wire } from '../wire/wire.js';

const word = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\n[\]]/g, ' '));

const line = fc.oneof(
  word.map((text) => `say: ${text}`),
  word.map((text) => `think: ${text}`),
  word.map((text) => `search: ${text}`),
  word.map((text) => `call look ${JSON.stringify({ at: text })}`),
  fc.constantFrom('call look', 'count to 12', 'words 30', 'refuse', 'empty', 'max', 'think redacted: hm'),
);

/** Any prompt that orders the simulated model about, for laws that hold whatever it answers. */
export const anyScript: fc.Arbitrary<string> = fc
  .array(line, { minLength: 1, maxLength: 5 })
  .map((lines) => `go\n${lines.join('\n')}`);

/** Calls a wire's route itself, with a memory of its own: no socket, no earlier call. */
export const callRoute = (wire: Wire, path: string, { body, query = '' }: { body: object; query?: string }): Reply => {
  const raw = Buffer.from(JSON.stringify(body));
  const route = wire.routes.find((candidate) => candidate.path === path && candidate.method === 'POST');
  if (route === undefined) throw new Error(`no route ${path}`);
  const call: Call = {
    vendor: wire.vendor,
    params: { model: 'gemini-3-flash' },
    query: new URLSearchParams(query),
    headers: {},
    raw,
    json: () => JSON.parse(raw.toString()),
    key: 'sim-key',
    digest: '00',
    nowMs: 0,
    memory: createMemory(),
  };
  return route.handle(call);
};

/** The JSON in each record of a stream. */
export const recordsOf = (reply: Reply): readonly Record<string, unknown>[] =>
  reply.type === 'stream'
    ? reply.frames.flatMap(({ text }) => {
        const data = /^data: (\{.*\})\r?$/m.exec(text)?.[1];
        return data === undefined ? [] : [JSON.parse(data) as Record<string, unknown>];
      })
    : [];

export const bodyOf = (reply: Reply): Record<string, unknown> =>
  reply.type === 'json' ? (JSON.parse(reply.body) as Record<string, unknown>) : {};
