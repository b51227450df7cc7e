import { balanceAtRest, nano, newCustomer, type Customer } from './accounts.js';
import { query, usageOf, verifyLedger } from './ledger.js';
import { callGateway } from './platform.js';
import { forgetVendorFailures } from './processes.js';
import { changePrice } from './prices.js';
import { ask, type Question, type Reading } from './readings.js';
import { countTo, messagesWire, wires } from './wires.js';

/** The nightly run asks for 10,000. */
const REQUESTS = 1_500;
const WORKERS = 24;
const WALLET_USD = '500.00';
const PRICED = 'claude-haiku-4-5';

type Asked = Omit<Question, 'key'>;

const successes: readonly Asked[] = wires.map((wire, index) => ({
  wire,
  prompt: `count to ${20 + index}`,
  expected: countTo(20 + index),
}));
const failing = (model: string, stream: boolean, fault: string): Asked => ({
  wire: messagesWire(model, stream),
  prompt: `[[fault: ${fault}]]\ncount to 60`,
  expected: countTo(60),
});
/** Models of their own, so that a circuit that opens for them does not stand before the successes. */
const failures: readonly Asked[] = [
  failing('claude-opus-4-5', false, 'error-body'),
  failing('claude-opus-4-6', true, 'cut=6'),
  failing('claude-opus-4-6', false, 'usage=negative'),
];
const abort: Asked = { ...failing('claude-sonnet-4-5', true, 'drip=5'), leaveAfter: 3 };
const mixture = [...successes, ...failures, abort];

interface Receipt {
  readonly request_id: string;
  readonly total_usd: string;
}

/** Undefined for a request that was refused before anything was held for it: nobody could be asked. */
const receiptOf = async ({ requestId, verdict }: Reading, key: string): Promise<Receipt | undefined> => {
  const response = await callGateway(`/v1/receipts/${requestId}`, { key });
  if (response.status === 404 && verdict === 'refused') return undefined;
  if (!response.ok) throw new Error(`no receipt of ${requestId}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Receipt;
};

/** Does `work` for each item, so many at a time. */
async function each<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let place = next++; place < items.length; place = next++) results[place] = await work(items[place]!);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return results;
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

describe(`${REQUESTS} mixed requests, whose prices change among them`, () => {
  let customer: Customer;
  let readings: readonly Reading[];
  let price: Awaited<ReturnType<typeof changePrice>>;
  let spent: bigint;

  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    const { key } = customer;
    const questions = Array.from({ length: REQUESTS }, (_, index) => mixture[index % mixture.length]!);
    const half = questions.length / 2;
    // Sold at the old price for certain, however slowly the others begin.
    const opening = await ask({ wire: messagesWire(PRICED, false), prompt: 'count to 9', expected: countTo(9), key });
    const first = each(questions.slice(0, half), (asked) => ask({ ...asked, key }));
    price = await changePrice(PRICED, { input: '1.234567', output: '6.7891' });
    readings = [opening, ...(await first), ...(await each(questions.slice(half), (asked) => ask({ ...asked, key })))];
    const { available } = await balanceAtRest(key, 180_000);
    spent = nano(WALLET_USD) - available;
  }, 600_000);
  afterAll(async () => {
    await changePrice(PRICED, price.before);
    await forgetVendorFailures();
  }, 180_000);

  it('ends each as it should', () => {
    expect(readings.filter(({ verdict }) => verdict === 'spoiled' || verdict === 'unanswered')).toEqual([]);
    expect(readings.filter(({ verdict }) => verdict === 'whole').length).toBeGreaterThan(REQUESTS / 2);
  });

  it('takes from the wallet what the usage rows say, each at the price version of its plan', async () => {
    const usage = await usageOf(customer.accountId);
    expect(usage.filter(({ cost, reckoned }) => cost !== reckoned)).toEqual([]);
    expect(sum(usage.map(({ cost }) => cost))).toBe(spent);
    const versions = await query<{ price_version: string }>(
      'SELECT DISTINCT price_version FROM ledger.usage WHERE account_id = $1 AND model = $2',
      [customer.accountId, PRICED],
    );
    expect(versions.map(({ price_version }) => price_version)).toContain(price.id);
    expect(versions.length).toBeGreaterThan(1);
  });

  it('takes what the entries say, and what the receipts say', async () => {
    const [entries] = await query<{ sum: string }>(
      `SELECT -sum(amount) AS sum FROM ledger.entry WHERE account_id = $1 AND kind <> 'credit'`,
      [customer.accountId],
    );
    expect(BigInt(entries!.sum)).toBe(spent);
    const receipts = await each(readings, (reading) => receiptOf(reading, customer.key));
    expect(sum(receipts.map((receipt) => nano(receipt?.total_usd ?? '0')))).toBe(spent);
  }, 300_000);

  it('charges nobody for an answer that failed, and everybody for one that is whole', async () => {
    const charged = new Set((await usageOf(customer.accountId)).map(({ requestId }) => requestId));
    const ids = (verdicts: readonly Reading['verdict'][]) =>
      readings.flatMap(({ verdict, requestId, wire }) =>
        verdicts.includes(verdict) && !wire.includes('claude-opus-4-6, whole') && requestId !== undefined
          ? [requestId]
          : [],
      );
    expect(ids(['whole']).filter((id) => !charged.has(id))).toEqual([]);
    expect(ids(['refused', 'broken-off', 'cut']).filter((id) => charged.has(id))).toEqual([]);
  });

  it('leaves a ledger that verifies', async () => {
    expect(await verifyLedger()).toMatchObject({ code: 0 });
  });
});
