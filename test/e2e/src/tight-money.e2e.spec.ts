import { credit } from './accounts.js';
import { holdFor, usd } from './bursts.js';
import { verifyLedger } from './ledger.js';
import { byDayOfAccount, byKey, byWallet } from './limited.js';
import { randomFrom } from './random.js';
import { ask, type Reading } from './readings.js';
import { countTo, wires, type Wire } from './wires.js';

const CLIENTS = 3;
const ASKED_BY_EACH = 15;
/** How long clients think. A hold stands for a tenth of a second after its answer: they meet it before, while and after it ends. */
const PAUSE_MS_MAX = 150;

/** Of each, there is a little more than one request's worth. */
const limits = [
  { limit: 'wallet', limited: byWallet },
  { limit: 'quota of the key', limited: byKey('quota') },
  { limit: '5h window of the key', limited: byKey('rate_limit_5h') },
  { limit: 'day of the account', limited: byDayOfAccount },
].map((limit, index) => ({ ...limit, seed: index + 1 }));

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

  it.each(limits)('hear an answer or that there is no money, and nothing else: $limit', async ({ limited, seed }) => {
    const random = randomFrom(seed);
    const asking = priced.map(async ({ wire, hold }) => {
      const { key, accountId } = await limited((hold * BigInt(11 + random(20))) / 10n);
      let isOver = false;
      const clients = Promise.all(Array.from({ length: CLIENTS }, () => askOn(wire, key, random))).finally(() => {
        isOver = true;
      });
      const [readings] = await Promise.all([clients, moveMoney(accountId, hold / 4n, () => isOver)]);
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
