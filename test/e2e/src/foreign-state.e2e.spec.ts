import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { OPEN } from './conversations/open.js';
import { lendDispatcher } from './lend-dispatcher.js';
import { platform } from './platform.js';
import { clearViolations, exchangesSince, lastExchangeId, violations, type Exchange } from './simulator.js';
import { callsOf, LOOP_CALLS, runToolLoop } from './tool-loop.js';
import { OWNERS, WIRE_MODELS } from './wire-models.js';

const key = platform.keys.extended;

/** Every opaque value a vendor hands out has one of these names and is longer than any word. */
const OPAQUE = /"(?:signature|data|encrypted_content|thoughtSignature)"\s*:\s*"([^"]{40,})"/g;

const text = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
/** `/gemini/v1/models/...` is Google's: the first segment names the vendor. */
const vendorOf = ({ path }: Exchange): string => path.split('/')[1] ?? '';

/** State that one vendor gave out and another received, as `from -> to`. */
function leaks(exchanges: readonly Exchange[]): readonly string[] {
  const owners = new Map<string, string>();
  for (const exchange of exchanges)
    for (const [, value = ''] of text(exchange.sentBase64).matchAll(OPAQUE)) owners.set(value, vendorOf(exchange));
  return exchanges.flatMap((exchange) => {
    const body = text(exchange.bodyBase64);
    return [...owners].flatMap(([value, owner]) =>
      owner !== vendorOf(exchange) && body.includes(value) ? [`${owner} -> ${vendorOf(exchange)}`] : [],
    );
  });
}

beforeAll(lendDispatcher);

const moves = PROTOCOL_NAMES.flatMap((client) =>
  PROTOCOL_NAMES.flatMap((from) => PROTOCOL_NAMES.filter((to) => to !== from).map((to) => ({ client, from, to }))),
);

describe.each(moves)('a $client client that leaves $from for $to', ({ client, from, to }) => {
  const setting = (protocol: ProtocolName) => ({ model: OWNERS[protocol].id, stream: true, thinking: true });

  it("takes neither our capsules nor the first vendor's state along", async () => {
    await clearViolations();
    const start = await lastExchangeId();
    await runToolLoop(OPEN[client](key), setting(from), setting(to));
    const exchanges = await exchangesSince(start);
    expect(exchanges.length).toBeGreaterThanOrEqual(LOOP_CALLS.length);
    expect(await violations()).toEqual([]);
    expect(leaks(exchanges)).toEqual([]);
  });
});

// The raw lane passes bytes, so state of a protocol's owner could reach a look-alike that speaks the same language.
const lookAlikes = WIRE_MODELS.filter(({ id, protocol }) => OWNERS[protocol].id !== id);

describe.each(lookAlikes)('a client of $protocol that leaves its owner for $id', ({ id, protocol }) => {
  it("takes no state along, though both speak the client's own language", async () => {
    await clearViolations();
    const start = await lastExchangeId();
    const owner = { model: OWNERS[protocol].id, stream: false, thinking: true };
    const answers = await runToolLoop(OPEN[protocol](key), owner, { ...owner, model: id });
    expect(answers.map(callsOf)).toEqual(LOOP_CALLS);
    expect([await violations(), leaks(await exchangesSince(start))]).toEqual([[], []]);
  });
});

describe('a capsule that nobody gave out', () => {
  it.each(PROTOCOL_NAMES)('reaches no vendor from a %s client, whatever it says it holds', async (client) => {
    await clearViolations();
    const forged = `gwc1.${Buffer.from('{"protocol":"anthropic-messages","kind":"signature","data":"x"}').toString('base64url')}.AAAAAAAAAAAAAAAAAAAAAA`;
    const { path, body } = forgeries(OWNERS[client].id, forged)[client];
    const response = await fetch(`${platform.services.ingress}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(500);
    expect(await violations()).toEqual([]);
  });
});

/** A history with a capsule in each client's own opaque slot, toward a vendor that speaks the client's language. */
const forgeries = (model: string, capsule: string) => ({
  'anthropic-messages': {
    path: '/v1/messages',
    body: {
      ...{ model, max_tokens: 2_048, thinking: { type: 'enabled', budget_tokens: 1_024 } },
      messages: [
        { role: 'user', content: 'hi' },
        {
          role: 'assistant',
          content: [
            { type: 'redacted_thinking', data: capsule },
            { type: 'text', text: 'hello' },
          ],
        },
        { role: 'user', content: 'say: fine' },
      ],
    },
  },
  'openai-responses': {
    path: '/v1/responses',
    body: {
      ...{ model, store: false },
      input: [
        { role: 'user', content: 'hi' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: capsule },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hello', annotations: [] }] },
        { role: 'user', content: 'say: fine' },
      ],
    },
  },
  'openai-chat': {
    path: '/v1/chat/completions',
    body: {
      model,
      messages: [
        { role: 'user', content: 'hi' },
        {
          ...{ role: 'assistant', content: 'hello' },
          reasoning_details: [{ type: 'reasoning.encrypted', data: capsule }],
        },
        { role: 'user', content: 'say: fine' },
      ],
    },
  },
  'gemini-generate': {
    path: `/v1beta/models/${model}:generateContent`,
    body: {
      contents: [
        { role: 'user', parts: [{ text: 'hi' }] },
        { role: 'model', parts: [{ text: 'hello', thoughtSignature: Buffer.from(capsule).toString('base64') }] },
        { role: 'user', parts: [{ text: 'say: fine' }] },
      ],
    },
  },
});
