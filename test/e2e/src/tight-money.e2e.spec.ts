import { createKey, credit, GROUPS, newCustomer, setCaps, type Customer, type KeyCaps } from './accounts.js';
import { holdFor, usd } from './bursts.js';
import { verifyLedger } from './ledger.js';
import { randomFrom } from './random.js';
import { ask, type Reading } from './readings.js';
import { countTo, wires, type Wire } from './wires.js';

const CLIENTS = 3;
const ASKED_BY_EACH = 15;
/** A hold stands for a tenth of a second or so after its answer: clients meet it before, while and after it ends. */
const PAUSE_MS_MAX = 150;

/** Somebody for whom there is a little more than one request's worth, by one limit. */
type Tight = (amount: bigint) => Promise<Customer>;

const byWallet: Tight = (amount) => newCustomer(usd(amount));
const byKey =
  (cap: keyof KeyCaps): Tight =>
  async (amount) => {
    const customer = await newCustomer('100.00');
    return { ...customer, key: await createKey(customer.management, GROUPS.default, { [cap]: usd(amount) }) };
  };
const byAccount: Tight = async (amount) => {
  const customer = await newCustomer('100.00');
  await setCaps(customer.accountId, [{ subject: 'account', span: '1d', amount_usd: usd(amount) }]);
  return customer;
};

const kinds = [
  { limit: 'wallet', tight: byWallet },
  { limit: 'quota of the key', tight: byKey('quota') },
  { limit: '5h window of the key', tight: byKey('rate_limit_5h') },
  { limit: 'day of the account', tight: byAccount },
].map((kind, index) => ({ ...kind, seed: index + 1 }));

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const refusesForMoney = ({ verdict, status }: Reading): boolean =>
  verdict === 'refused' && (status === 402 || status === 429);

/** One client, which asks again some moments after each answer. */
async function askOn(wire: Wire, key: string, random: (below: number) => number): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  while (readings.length < ASKED_BY_EACH) {
    readings.push(await ask({ wire, key, prompt: 'count to 9', expected: countTo(9) }));
    await pause(random(PAUSE_MS_MAX));
  }
  return readings;
}

/** Money comes and goes beside the requests, in parts of what one of them holds back. */
async function moveMoney(accountId: string, part: bigint, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await credit(accountId, usd(part));
    await pause(PAUSE_MS_MAX);
    // What runs may have it at this moment.
    await credit(accountId, `-${usd(part)}`).catch((error: unknown) => expect(String(error)).toContain('cover'));
  }
}

describe('clients that live from hand to mouth', () => {
  const priced: { readonly wire: Wire; readonly hold: bigint }[] = [];
  beforeAll(async () => {
    for (const wire of wires) priced.push({ wire, hold: await holdFor(wire) });
  }, 60_000);

  it.each(kinds)('hear an answer or that there is no money, and nothing else: $limit', async ({ tight, seed }) => {
    const random = randomFrom(seed);
    const asking = priced.map(async ({ wire, hold }) => {
      const { key, accountId } = await tight((hold * BigInt(11 + random(20))) / 10n);
      let isOver = false;
      const moving = moveMoney(accountId, hold / 4n, () => isOver);
      const readings = await Promise.all(Array.from({ length: CLIENTS }, () => askOn(wire, key, random)));
      isOver = true;
      await moving;
      return readings.flat();
    });
    const readings = (await Promise.all(asking)).flat();
    const odd = readings.filter((reading) => reading.verdict !== 'whole' && !refusesForMoney(reading));
    expect(odd).toEqual([]);
    expect(readings.some(({ verdict }) => verdict === 'whole')).toBe(true);
    expect(readings.some(refusesForMoney)).toBe(true);
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });
});
