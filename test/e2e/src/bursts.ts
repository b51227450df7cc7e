import { balanceAtRest, newCustomer } from './accounts.js';
import { query } from './ledger.js';
import { eventually } from './platform.js';
import { ask, type Reading } from './readings.js';
import { release, stats } from './simulator.js';
import { countTo, type Wire } from './wires.js';

/** Whoever is admitted waits at the vendor until this gate is opened. */
const GATE = 'burst';
const WAITING = `[[fault: hold=${GATE}]]\ncount to 9`;
const PLAIN = 'count to 9';

/** One of many that ask at once; with an open gate it is answered at once. */
export const askInBurst = (wire: Wire, key: string, gate: 'closed' | 'open' = 'closed'): Promise<Reading> =>
  ask({ wire, key, prompt: gate === 'closed' ? WAITING : PLAIN, expected: countTo(9) });

export const openGate = () => release(GATE);

export const waitingAtGate = async (): Promise<number> => (await stats()).waiting[GATE] ?? 0;

export const untilWaiting = (count: number) =>
  eventually(async () => ((await waitingAtGate()) === count ? true : undefined));

/** What is held for one such request, learned from one that is asked and answered. */
export async function holdFor(wire: Wire): Promise<bigint> {
  const { key } = await newCustomer('100.00');
  const answer = askInBurst(wire, key);
  await untilWaiting(1);
  await openGate();
  const { requestId } = await answer;
  const [hold] = await query<{ amount: string }>('SELECT amount FROM ledger.hold WHERE request_id = $1', [requestId]);
  if (!hold) throw new Error(`no hold of ${wire.name}`);
  await balanceAtRest(key);
  return BigInt(hold.amount);
}

/** Nano-USD as a decimal of USD. */
export const usd = (amount: bigint): string =>
  `${amount / 1_000_000_000n}.${String(amount % 1_000_000_000n).padStart(9, '0')}`;
