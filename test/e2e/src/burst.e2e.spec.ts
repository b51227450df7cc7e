import { balanceAtRest, balanceOf, creditAs } from './accounts.js';
import { askInBurst, holdFor, openGate, untilWaiting, waitingAtGate } from './bursts.js';
import { usageOf, verifyLedger } from './ledger.js';
import { byKey, byWallet } from './limited.js';
import { eventually, mode } from './platform.js';
import { signal, untilReplaced } from './processes.js';
import type { Reading } from './readings.js';
import { chatWire } from './wires.js';

const AFFORDABLE = 20;
const ASKING = 500;
const wire = chatWire('gpt-5-4', false);

const limits = [
  { name: 'a wallet', limited: byWallet, status: 402 },
  { name: 'a quota', limited: byKey('quota'), status: 402 },
  { name: 'a window of five hours', limited: byKey('rate_limit_5h'), status: 429 },
  { name: 'a window of a day', limited: byKey('rate_limit_1d'), status: 429 },
  { name: 'a window of seven days', limited: byKey('rate_limit_7d'), status: 429 },
];

/** All at once; `refused` counts those that have their refusal while the others still wait. */
function burst(key: string): { readonly readings: Promise<Reading[]>; readonly refused: () => number } {
  let refused = 0;
  const readings = Promise.all(
    Array.from({ length: ASKING }, async () => {
      const reading = await askInBurst(wire, key);
      if (reading.verdict !== 'whole') refused += 1;
      return reading;
    }),
  );
  return { readings, refused: () => refused };
}

const statuses = (readings: readonly Reading[]): Record<string, number> =>
  readings.reduce<Record<string, number>>((counts, { status }) => {
    counts[String(status)] = (counts[String(status)] ?? 0) + 1;
    return counts;
  }, {});

const refusals = (readings: readonly Reading[]): string[] =>
  readings.filter(({ status }) => status !== 200).map(({ raw }) => raw);

/** As clients do: a service that has not found its way back yet says so, and is asked again. */
const askPatiently = (key: string): Promise<Reading> =>
  eventually(async () => {
    const reading = await askInBurst(wire, key, 'open');
    return reading.status === 503 ? undefined : reading;
  });

describe(`${ASKING} requests at once`, () => {
  let hold: bigint;
  beforeAll(async () => {
    hold = await holdFor(wire);
  });
  afterEach(openGate);

  it.each(limits)(
    `of which $name covers ${AFFORDABLE}: ${AFFORDABLE} are admitted`,
    async ({ limited, status }) => {
      const customer = await limited(hold * BigInt(AFFORDABLE));
      const { readings, refused } = burst(customer.key);
      await untilWaiting(AFFORDABLE);
      await eventually(async () => (refused() === ASKING - AFFORDABLE ? true : undefined));
      expect(await waitingAtGate()).toBe(AFFORDABLE);
      await openGate();
      expect(statuses(await readings)).toEqual({ 200: AFFORDABLE, [status]: ASKING - AFFORDABLE });

      // What was held and not spent came back, and nobody meets a limit that is not there.
      await balanceAtRest(customer.key);
      const again = await Promise.all(
        Array.from({ length: AFFORDABLE - 1 }, () => askInBurst(wire, customer.key, 'open')),
      );
      expect(statuses(again)).toEqual({ 200: AFFORDABLE - 1 });
      await balanceAtRest(customer.key);
    },
    180_000,
  );

  const victims = mode === 'split' ? ['postgres', 'nats', 'billing-ledger'] : ['postgres', 'nats'];
  it.each(victims)(
    `never admit more than the wallet covers when %s is killed among them`,
    async (victim) => {
      const customer = await byWallet(hold * BigInt(AFFORDABLE));
      const first = burst(customer.key);
      // In the middle: some are admitted, and most have not been answered.
      await eventually(async () => ((await waitingAtGate()) > 0 ? true : undefined));
      await untilReplaced(victim, signal(victim, 'SIGKILL'));
      await eventually(async () => balanceOf(customer.key).catch(() => undefined));
      const second = burst(customer.key);
      let peak = 0;
      const untilAllAreDecided = async (): Promise<true | undefined> => {
        const waiting = await waitingAtGate();
        peak = Math.max(peak, waiting);
        return first.refused() + second.refused() + waiting === 2 * ASKING ? true : undefined;
      };
      await eventually(untilAllAreDecided, 120_000);
      expect(peak).toBeLessThanOrEqual(AFFORDABLE);
      await openGate();
      const all = [...(await first.readings), ...(await second.readings)];
      expect(Object.keys(statuses(all)).filter((status) => !['200', '402', '502', '503'].includes(status))).toEqual([]);

      // What died with its server is free and comes back, so that nobody meets a limit that is not there.
      await balanceAtRest(customer.key, 120_000);
      // Each service finds its way back by itself, and until then an operator is told to try again.
      const transaction = crypto.randomUUID();
      await eventually(() => creditAs(transaction, customer.accountId, '1.00').catch(() => undefined));
      const again = await Promise.all(Array.from({ length: AFFORDABLE }, () => askPatiently(customer.key)));
      expect(refusals(again)).toEqual([]);
      await balanceAtRest(customer.key);
      const spent = (await usageOf(customer.accountId)).reduce((sum, { cost }) => sum + cost, 0n);
      expect(await balanceOf(customer.key)).toEqual({
        available: hold * BigInt(AFFORDABLE) + 1_000_000_000n - spent,
        held: 0n,
      });
    },
    400_000,
  );

  it('leave a ledger that verifies', async () => {
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });
});
