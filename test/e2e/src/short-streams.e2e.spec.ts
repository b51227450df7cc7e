import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { balanceAtRest, createKey, credit, GROUPS, nano, newCustomer } from './accounts.js';
import { receiptOf, reckon } from './billing-outcomes/book.js';
import { verifyLedger } from './ledger.js';
import { eventually } from './platform.js';
import { ask } from './readings.js';
import { clearFaults, release, stats } from './simulator.js';
import { OWNERS } from './wire-models.js';
import { chatWire, countTo, geminiListWire, geminiWire, messagesWire, responsesWire, type Wire } from './wires.js';

/** Some 4,200 tokens, of which a wallet of this size pays for about 1,900. */
const LAST = 3_000;
const PROMPT = `count to ${LAST}`;
const LITTLE = '0.006';
const LIMIT = 16_384;

const WIRE_OF = {
  'anthropic-messages': messagesWire,
  'openai-responses': responsesWire,
  'openai-chat': chatWire,
  'gemini-generate': geminiWire,
} as const satisfies Record<ProtocolName, (model: string, stream: boolean) => Wire>;

const longWire = (client: ProtocolName, model: string, stream: boolean): Wire => longer(WIRE_OF[client](model, stream));

/** The wire with an answer asked for that is longer than the wallet pays for. */
function longer(wire: Wire): Wire {
  const text = (prompt: string): string => JSON.stringify(wire.body(prompt)).replace(':1024', `:${LIMIT}`);
  return { ...wire, body: (prompt) => JSON.parse(text(prompt)) as object };
}

/** Every client raw, and translated to the wire after its own; Gemini's in both of its forms. */
const ways = [
  ...PROTOCOL_NAMES.flatMap((client, at) => {
    const other = PROTOCOL_NAMES[(at + 1) % PROTOCOL_NAMES.length] ?? client;
    return [
      { client, lane: 'raw', wire: longWire(client, OWNERS[client].id, true) },
      { client, lane: 'translated', wire: longWire(client, OWNERS[other].id, true) },
    ];
  }),
  { client: 'gemini-generate', lane: 'raw', wire: longer(geminiListWire(OWNERS['gemini-generate'].id)) },
  { client: 'gemini-generate', lane: 'translated', wire: longer(geminiListWire(OWNERS['openai-chat'].id)) },
] as const;

/** Words of each dialect for an empty wallet, as they stand in its error in mid-stream (contract 0.3). */
const SAYS = {
  'anthropic-messages': 'billing_error',
  'openai-responses': 'insufficient_balance',
  'openai-chat': 'insufficient_balance',
  'gemini-generate': 'RESOURCE_EXHAUSTED',
} as const satisfies Record<ProtocolName, string>;

/** Waits until a stream stands at its gate. */
const atGate = (gate: string) => eventually(async () => (((await stats()).waiting[gate] ?? 0) > 0 ? true : undefined));

describe('a stream that the wallet pays for in part', () => {
  afterEach(async () => {
    await clearFaults();
    await release();
  });
  afterAll(async () => {
    expect((await verifyLedger()).code).toBe(0);
  });

  it.each(ways)('is ended at its own limit: $wire.name $lane', async ({ client, wire }) => {
    const { key } = await newCustomer(LITTLE, GROUPS.extended);
    const reading = await ask({ wire, key, prompt: PROMPT, expected: countTo(LAST) });
    expect([reading.verdict, reading.verdict === 'refused' ? reading.raw : '']).toEqual(['broken-off', '']);
    expect(reading.raw).toContain(SAYS[client]);

    const receipt = await receiptOf(key, reading.requestId ?? '');
    expect(receipt).toMatchObject({
      outcome: 'cut',
      rule: 'cut-at-own-limit',
      flags: ['estimated'],
      overrun_usd: '0.00',
    });
    const output = receipt.lines.find((line) => line.class === 'output')?.units ?? 0;
    const delivered = Math.floor(wire.textOf(reading.raw).length / 4);
    expect(delivered).toBeGreaterThan(1_024);
    expect(output > 1_024 && output <= delivered).toBe(true);
    expect(nano(receipt.total_usd)).toBe(reckon(receipt));
    const { available } = await balanceAtRest(key);
    expect(available).toBe(nano(LITTLE) - nano(receipt.total_usd));
    expect(available >= 0n).toBe(true);
  });

  it.each(ways)('goes on to its end once there is money: $wire.name $lane', async ({ wire }) => {
    const { key, accountId } = await newCustomer(LITTLE, GROUPS.extended);
    const gate = `short-${ways.findIndex((way) => way.wire === wire)}`;
    const prompt = `[[fault: hold=${gate} hold-after=20]]\n${PROMPT}`;
    const reading = ask({ wire, key, prompt, expected: countTo(LAST) });
    await atGate(gate);
    await credit(accountId, '1.00');
    await release(gate);
    const { verdict, raw, requestId = '' } = await reading;
    expect({ verdict, end: raw.slice(-500) }).toEqual({ verdict: 'whole', end: expect.any(String) });
    const receipt = await receiptOf(key, requestId);
    expect(receipt).toMatchObject({ rule: 'complete', overrun_usd: '0.00' });
    expect(nano(receipt.hold?.amount_usd ?? '0')).toBeGreaterThan(nano(LITTLE));
  });

  it('is extended as far as the money goes, and ended there', async () => {
    const { key, accountId } = await newCustomer(LITTLE, GROUPS.extended);
    const wire = longWire('openai-chat', OWNERS['openai-chat'].id, true);
    const prompt = `[[fault: hold=partly hold-after=20]]\n${PROMPT}`;
    const reading = ask({ wire, key, prompt, expected: countTo(LAST) });
    await atGate('partly');
    await credit(accountId, '0.002');
    await release('partly');
    const { verdict, raw, requestId = '' } = await reading;
    expect(verdict).toBe('broken-off');
    // A thousand tokens more than the wallet had paid for at first.
    expect(wire.textOf(raw).length / 4).toBeGreaterThan(2_500);
    const receipt = await receiptOf(key, requestId);
    expect(receipt.rule).toBe('cut-at-own-limit');
    expect((await balanceAtRest(key)).available).toBe(nano(LITTLE) + nano('0.002') - nano(receipt.total_usd));
  });

  it('is ended at a quota of its key, in the words of quotas', async () => {
    const { management } = await newCustomer('10.00');
    const key = await createKey(management, GROUPS.extended, { quota: LITTLE });
    const wire = longWire('openai-chat', OWNERS['openai-chat'].id, true);
    const { verdict, raw, requestId = '' } = await ask({ wire, key, prompt: PROMPT, expected: countTo(LAST) });
    expect(verdict).toBe('broken-off');
    expect(raw).toContain('quota_exceeded');
    expect(await receiptOf(key, requestId)).toMatchObject({ rule: 'cut-at-own-limit' });
  });
});

describe('a whole answer', () => {
  it.each(PROTOCOL_NAMES)('of %s is refused where it does not fit, saying what would', async (client) => {
    const { key } = await newCustomer(LITTLE, GROUPS.extended);
    const wire = longWire(client, OWNERS[client].id, false);
    const { status, verdict, raw } = await ask({ wire, key, prompt: PROMPT, expected: '' });
    expect({ status, verdict }).toEqual({ status: 402, verdict: 'refused' });
    expect(raw).toMatch(/With a max_tokens of at most \d{4} it would fit/);
  });
});
