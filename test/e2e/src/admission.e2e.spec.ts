import { balanceAtRest, balanceOf, newCustomer } from './accounts.js';
import { query, usageOf, verifyLedger } from './ledger.js';
import { eventually } from './platform.js';
import { ask, type Reading } from './readings.js';
import { release, stats } from './simulator.js';
import { chatWire, countTo, geminiWire, messagesWire, responsesWire, type Wire } from './wires.js';

const AFFORDABLE = 20;
const ASKING = 100;
const PROMPT = '[[fault: hold=admission]]\ncount to 9';

const asking = (wire: Wire, key: string, prompt = PROMPT): Promise<Reading> =>
  ask({ wire, key, prompt, expected: countTo(9) });

/** What is held for one such request, learned from one that is asked and answered. */
async function holdFor(wire: Wire): Promise<bigint> {
  const { key } = await newCustomer('100.00');
  const answer = asking(wire, key);
  await untilWaiting(1);
  await release('admission');
  const { requestId } = await answer;
  const [hold] = await query<{ amount: string }>('SELECT amount FROM ledger.hold WHERE request_id = $1', [requestId]);
  await balanceAtRest(key);
  return BigInt(hold!.amount);
}

const untilWaiting = (count: number) =>
  eventually(async () => ((await stats()).waiting['admission'] === count ? true : undefined), 20_000);

const usd = (amount: bigint): string =>
  `${amount / 1_000_000_000n}.${String(amount % 1_000_000_000n).padStart(9, '0')}`;

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
  afterEach(() => release());

  it.each(cases)(
    `admits just that many of ${ASKING} at once: $name`,
    async ({ wire, refusal }) => {
      const hold = await holdFor(wire);
      const wallet = hold * BigInt(AFFORDABLE);
      const { key, accountId } = await newCustomer(usd(wallet));
      const vendorCallsBefore = (await stats()).requests;
      let refused = 0;
      const answers = Promise.all(
        Array.from({ length: ASKING }, async () => {
          const reading = await asking(wire, key);
          if (reading.verdict === 'refused') refused += 1;
          return reading;
        }),
      );
      // Nobody has ended yet: those admitted wait at the vendor, all others have their refusal.
      await untilWaiting(AFFORDABLE);
      await eventually(async () => (refused === ASKING - AFFORDABLE ? true : undefined), 20_000);
      expect(await balanceOf(key)).toEqual({ available: 0n, held: wallet });
      expect((await stats()).requests - vendorCallsBefore).toBe(AFFORDABLE);
      await release('admission');

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
      const again = await Promise.all(Array.from({ length: AFFORDABLE - 1 }, () => asking(wire, key, 'count to 9')));
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

/** The fields of a refusal that its dialect fixes, whatever else stands beside them. */
const matching = (refusal: object): object =>
  Object.fromEntries(
    Object.entries(refusal).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'object' && value ? expect.objectContaining(value) : value,
    ]),
  );
