import { balanceAtRest, balanceOf, newCustomer } from './accounts.js';
import { askInBurst, holdFor, openGate, untilWaiting, usd } from './bursts.js';
import { usageOf, verifyLedger } from './ledger.js';
import { eventually } from './platform.js';
import { exchangesSince, lastExchangeId } from './simulator.js';
import { chatWire, geminiWire, messagesWire, responsesWire } from './wires.js';

const AFFORDABLE = 20;
const ASKING = 100;

const cases = [
  { wire: messagesWire('claude-haiku-4-5', false), refusal: { type: 'error', error: { type: 'billing_error' } } },
  { wire: messagesWire('gpt-5-4-mini', true), refusal: { type: 'error', error: { type: 'billing_error' } } },
  { wire: chatWire('gpt-5-4', true), refusal: { error: { type: 'insufficient_quota', code: 'insufficient_balance' } } },
  {
    wire: responsesWire('gpt-5-4', false),
    refusal: { error: { type: 'insufficient_quota', code: 'insufficient_balance' } },
  },
  { wire: geminiWire('gemini-2-5-flash', true), refusal: { error: { code: 402, status: 'RESOURCE_EXHAUSTED' } } },
].map(({ wire, refusal }) => ({ name: wire.name, wire, refusal }));

describe(`a wallet that covers ${AFFORDABLE} requests`, () => {
  afterEach(openGate);

  it.each(cases)(
    `admits just that many of ${ASKING} at once: $name`,
    async ({ wire, refusal }) => {
      const hold = await holdFor(wire);
      const wallet = hold * BigInt(AFFORDABLE);
      const { key, accountId } = await newCustomer(usd(wallet));
      const before = await lastExchangeId();
      let refused = 0;
      const answers = Promise.all(
        Array.from({ length: ASKING }, async () => {
          const reading = await askInBurst(wire, key);
          if (reading.verdict === 'refused') refused += 1;
          return reading;
        }),
      );
      // Nobody has ended yet: those admitted wait at the vendor, all others have their refusal.
      await untilWaiting(AFFORDABLE);
      await eventually(async () => (refused === ASKING - AFFORDABLE ? true : undefined), 20_000);
      expect(await balanceOf(key)).toEqual({ available: 0n, held: wallet });
      expect(await exchangesSince(before)).toHaveLength(AFFORDABLE);
      await openGate();

      const readings = await answers;
      const refusals = readings.filter(({ verdict }) => verdict === 'refused');
      expect(readings.filter(({ verdict }) => verdict === 'whole')).toHaveLength(AFFORDABLE);
      expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 402));
      expect(refusals.map(({ raw }) => JSON.parse(raw) as unknown)).toEqual(
        refusals.map(() => expect.objectContaining(matching(refusal))),
      );

      const spent = async (): Promise<bigint> => (await usageOf(accountId)).reduce((sum, { cost }) => sum + cost, 0n);
      expect(await balanceAtRest(key)).toEqual({ available: wallet - (await spent()), held: 0n });
      // What was held came back, so all but the last fit again.
      const again = await Promise.all(Array.from({ length: AFFORDABLE - 1 }, () => askInBurst(wire, key, 'open')));
      expect(again.map(({ verdict }) => verdict)).toEqual(again.map(() => 'whole'));
      expect(await balanceAtRest(key)).toEqual({ available: wallet - (await spent()), held: 0n });
      expect((await usageOf(accountId)).filter(({ cost, reckoned }) => cost !== reckoned)).toEqual([]);
    },
    60_000,
  );

  it('leaves a ledger that verifies', async () => {
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });
});

describe('a wallet that covers one request and a half', () => {
  it.each(cases)('covers one after another, as long as they cost less: $name', async ({ wire }) => {
    const { key } = await newCustomer(usd(((await holdFor(wire)) * 3n) / 2n));
    const verdicts: string[] = [];
    while (verdicts.length < 8) verdicts.push((await askInBurst(wire, key, 'open')).verdict);
    expect(verdicts).toEqual(verdicts.map(() => 'whole'));
  });
});

/** The fields of a refusal that its dialect fixes, whatever else stands beside them. */
const matching = (refusal: object): object =>
  Object.fromEntries(
    Object.entries(refusal).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' && value ? expect.objectContaining(value) : value,
    ]),
  );
