import { createLocalBus } from '@bytespike/bus/testing';
import { generation, type Outcome, type StreamHead } from '@bytespike/contracts';
import type { Loss } from '@bytespike/ir';

import type { TranslationInput } from './exchange-options.js';
import { runTranslation } from './run-translation.js';
import { scriptVendor, type Script } from './testing/scripted-vendor.js';

const target: TranslationInput['target'] = {
  ...{
    channelId: 'anthropic-main',
    vendor: 'anthropic',
    model: 'claude-sonnet-4-6',
    upstreamModel: 'claude-sonnet-4-6',
  },
  ...{ protocol: 'anthropic-messages', lane: 'ir', priceVersion: 'claude-sonnet-4-6@1' },
};
const input: TranslationInput = {
  ...{ requestId: 'r1', operation: 'generate', stream: true, query: '', target, attemptsLeft: 3 },
  ...{ accountId: 'acc', keyId: 'key', maxOutputTokens: 64_000 },
  ...{ clientProtocol: 'openai-chat', policy: 'warn', allow: [], headers: {} },
};
const asked = {
  ...{ model: 'claude-sonnet-4-6', max_completion_tokens: 2_000, web_search_options: {} },
  ...{ stream_options: { include_usage: true }, messages: [{ role: 'user', content: 'tides?' }] },
};

const record = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
const message = { type: 'message', role: 'assistant', model: 'm', stop_reason: null, content: [] };
const block = (index: number, content_block: object, text?: string): string[] => [
  record({ type: 'content_block_start', ...{ index, content_block } }),
  ...(text === undefined
    ? []
    : [record({ type: 'content_block_delta', ...{ index, delta: { type: 'text_delta', text } } })]),
  record({ type: 'content_block_stop', ...{ index } }),
];
const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'tides' } };
const usage = (input_tokens: number, output_tokens: number) => ({ input_tokens, output_tokens });
const start = (id: string): string =>
  record({ type: 'message_start', ...{ message: { ...message, id, usage: usage(7, 1) } } });
const end = (stop_reason: string): string[] => [
  record({ type: 'message_delta', ...{ delta: { stop_reason, stop_sequence: null }, usage: usage(7, 3) } }),
  record({ type: 'message_stop' }),
];
const text = { type: 'text', text: '' };
const paused = [start('msg_1'), ...block(0, text, 'Looking. '), ...block(1, search), ...end('pause_turn')];
const finished = [start('msg_2'), ...block(0, text, 'At noon.'), ...end('end_turn')];
const whole = (stop_reason: string, ...content: object[]): string =>
  JSON.stringify({ ...message, id: 'msg_1', content, stop_reason, stop_sequence: null, usage: usage(7, 3) });

interface Asking {
  readonly body?: object;
  readonly input?: Partial<TranslationInput>;
  readonly signal?: AbortSignal;
}

function serve(script: Script) {
  const vendor = scriptVendor(script);
  const bus = createLocalBus();
  const serving = bus.serve(generation, vendor.handlers);
  return {
    vendor,
    async ask({ body = asked, input: changed, signal = new AbortController().signal }: Asking = {}) {
      await serving;
      const heads: StreamHead[] = [];
      const lost: Loss[] = [];
      let told = '';
      const outcome: Outcome = await runTranslation(
        { input: { ...input, ...changed }, body: new TextEncoder().encode(JSON.stringify(body)) },
        {
          head: (head) => void heads.push(head),
          data: (bytes) => void (told += new TextDecoder().decode(bytes)),
        },
        { requestId: 'r1', deadline: Date.now() + 10_000, signal },
        {
          generation: bus.client(generation),
          memory: { recall: () => Promise.resolve(new Map()), keep: () => Promise.resolve('kept') },
          signerOf: () => ({ sign: (payload) => `mac${payload.length}` }),
          now: () => 1_760_000_000_000,
          lost: (losses) => void lost.push(...losses),
        },
      );
      return { heads, lost, told, outcome };
    },
  };
}

const bodies = ({ calls }: ReturnType<typeof scriptVendor>) =>
  calls.map(({ body }) => JSON.parse(new TextDecoder().decode(body)) as Readonly<Record<string, unknown>>);

describe('a vendor that pauses', () => {
  it('is asked to go on, and the client reads one stream', async () => {
    const { vendor, ask } = serve({ pieces: paused, then: { pieces: finished } });
    const { heads, told, outcome } = await ask();
    expect(bodies(vendor)[1]).toMatchObject({
      stream: true,
      max_tokens: 1_997,
      messages: [{ role: 'user' }, { role: 'assistant', content: [{ type: 'text', text: 'Looking. ' }, search] }],
    });
    expect(heads).toHaveLength(1);
    expect(told.match(/"role":"assistant"|"finish_reason":"stop"|\[DONE\]/g)).toHaveLength(3);
    expect(told).toContain('Looking. ');
    expect(told).toContain('"usage":{"prompt_tokens":14,"completion_tokens":6,');
    expect(outcome).toMatchObject({ ending: 'complete', usage: { input: 14, output: 6 }, deliveredOutput: 6 });
    expect(outcome.attempts).toHaveLength(2);
  });

  it('is asked to go on before the client sees any of a whole answer', async () => {
    const { vendor, ask } = serve({
      pieces: [whole('pause_turn', { type: 'text', text: 'Looking. ' }, search)],
      then: { pieces: [whole('end_turn', { type: 'text', text: 'At noon.' })] },
    });
    const { heads, told, outcome } = await ask({ input: { stream: false } });
    expect(bodies(vendor)[1]).toMatchObject({ max_tokens: 1_997 });
    expect(heads).toHaveLength(1);
    expect(JSON.parse(told)).toMatchObject({
      choices: [{ message: { content: 'Looking. At noon.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 14, completion_tokens: 6 },
    });
    expect(outcome).toMatchObject({ ending: 'complete', contentStarted: true, usage: { input: 14, output: 6 } });
  });

  it('is left after four calls, and the client is told', async () => {
    const { vendor, ask } = serve({ pieces: paused });
    const { told, lost, outcome } = await ask();
    expect(vendor.calls).toHaveLength(4);
    expect(told).toContain('"finish_reason":"length"');
    expect(told).toContain(': x-gateway-warnings: L66;path="finish";action=approximated\n\n');
    expect(lost).toContainEqual({ code: 'L66', path: 'finish', effect: 'approximated' });
    expect(outcome).toMatchObject({ ending: 'complete', usage: { input: 28, output: 12 } });
  });

  it.each<{ name: string; stream: boolean; script: Script; expected: object }>([
    {
      name: 'a stream whose second call fails costs nothing and goes to nobody else',
      stream: true,
      script: {
        pieces: [],
        outcome: { ending: 'failed', contentStarted: false, failure: { kind: 'upstream-transient', message: 'no' } },
      },
      expected: { ending: 'failed', contentStarted: true, failure: { kind: 'upstream-transient' } },
    },
    {
      name: 'a whole answer whose second call fails has not begun',
      stream: false,
      script: {
        pieces: [],
        outcome: { ending: 'failed', contentStarted: false, failure: { kind: 'upstream-transient', message: 'no' } },
      },
      expected: { ending: 'failed', contentStarted: false },
    },
    {
      name: 'a stream whose second call breaks off is truncated',
      stream: true,
      script: { pieces: finished.slice(0, 3), outcome: { ending: 'truncated' } },
      expected: { ending: 'truncated', contentStarted: true },
    },
    {
      name: 'a stream whose second call does not decode fails',
      stream: true,
      script: { pieces: ['data: nonsense\n\n'] },
      expected: { ending: 'failed', contentStarted: true, failure: { kind: 'upstream-garbled' } },
    },
    {
      name: 'a client that leaves in the second call pays for what it was given',
      stream: true,
      script: { pieces: finished.slice(0, 3), outcome: { ending: 'cancelled', deliveredOutput: 2 } },
      expected: { ending: 'cancelled', contentStarted: true, deliveredOutput: 5, usage: { input: 14 } },
    },
  ])('$name', async ({ stream, script, expected }) => {
    const first = stream ? paused : [whole('pause_turn', { type: 'text', text: 'Looking. ' }, search)];
    const { ask } = serve({ pieces: first, then: script });
    const { told, outcome } = await ask({ input: { stream } });
    expect(outcome).toMatchObject(expected);
    expect(outcome.attempts).toHaveLength(2);
    expect(told).not.toMatch(/\[DONE\]|"finish_reason":"/);
  });

  it('is not asked again for a client that has left', async () => {
    const leaving = new AbortController();
    const { vendor, ask } = serve({ pieces: [...paused, async () => leaving.abort()], then: { pieces: finished } });
    const left = await ask({ signal: leaving.signal }).catch((thrown: unknown) => thrown);
    expect(vendor.calls).toHaveLength(1);
    expect(left).toMatchObject(left instanceof Error ? { kind: 'cancelled' } : { outcome: { ending: 'cancelled' } });
  });
});

describe('a vendor that cannot verify the state it is sent', () => {
  const signature = `sig${'A'.repeat(97)}`;
  const history = {
    ...{ model: 'claude-sonnet-4-6', max_tokens: 2_000, thinking: { type: 'enabled', budget_tokens: 1_024 } },
    messages: [
      { role: 'user', content: 'Hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.', signature },
          { type: 'text', text: 'Hello' },
        ],
      },
      { role: 'user', content: 'More' },
    ],
  };
  const refused = (reason: string): Script => ({
    pieces: [],
    outcome: { ending: 'failed', contentStarted: false, failure: { kind: 'upstream-refused', message: reason } },
    then: { pieces: finished },
  });
  const invalid = refused('messages.1.content.0: Invalid `signature` in `thinking` block');
  const own = { clientProtocol: 'anthropic-messages' } as const;

  it('is asked once more without it, and the client is told', async () => {
    const { vendor, ask } = serve(invalid);
    const { heads, lost, outcome } = await ask({ body: history, input: own });
    expect(bodies(vendor).map((body) => JSON.stringify(body).includes(signature))).toEqual([true, false]);
    expect(vendor.calls.map((call) => call.input.attemptsLeft)).toEqual([3, 2]);
    expect(heads[0]?.warnings).toContain('L40;path="messages.1.content.0";action=dropped');
    expect(lost.map(({ code }) => code)).toContain('L40');
    expect(outcome).toMatchObject({ ending: 'complete', usage: { input: 7, output: 3 } });
    expect(outcome.attempts).toHaveLength(2);
  });

  it.each<{ name: string; script: Script; asking: Asking }>([
    { name: 'that says something else', script: refused('messages: too many'), asking: { body: history, input: own } },
    { name: 'that was sent none', script: invalid, asking: {} },
    {
      name: 'whose caller permits no loss',
      script: invalid,
      asking: { body: history, input: { ...own, policy: 'strict' } },
    },
    { name: 'when no call is left', script: invalid, asking: { body: history, input: { ...own, attemptsLeft: 1 } } },
  ])('$name is not asked again', async ({ script, asking }) => {
    const { vendor, ask } = serve(script);
    const { heads, outcome } = await ask(asking);
    expect(vendor.calls).toHaveLength(1);
    expect(heads).toEqual([]);
    expect(outcome).toMatchObject({ ending: 'failed', failure: { kind: 'upstream-refused' } });
  });

  it('twice is a refusal', async () => {
    const { then: _then, ...always } = invalid;
    const { vendor, ask } = serve(always);
    const { outcome } = await ask({ body: history, input: own });
    expect(vendor.calls).toHaveLength(2);
    expect(outcome).toMatchObject({ ending: 'failed', failure: { kind: 'upstream-refused' } });
  });
});
