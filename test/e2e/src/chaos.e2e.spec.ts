import { newCustomer, balanceOf, nano, type Customer } from './accounts.js';
import { holdsOf, lapseHolds, usageOf, verifyLedger } from './ledger.js';
import { eventually, mode } from './platform.js';
import { forgetVendorFailures, processOf, signal, untilReplaced } from './processes.js';
import { ask, type Question, type Reading } from './readings.js';
import { countTo, messagesWire, wires } from './wires.js';

const WORKERS = 12;
const WALLET_USD = '1000.00';

const servers = ['nats', 'postgres', 'redis'];
/** First those after which facts are delivered anew, half a minute later: it passes while the others are killed. */
const victims =
  mode === 'split'
    ? ['billing-ledger', ...servers, 'upstream-adapters', 'translator', 'router', 'console-api', 'ingress']
    : ['all-in-one', ...servers];

type Asked = Omit<Question, 'key'>;

const successes: readonly Asked[] = wires.map((wire) => ({
  wire,
  prompt: `${wire.stream ? '[[fault: drip=8]]' : '[[fault: slow-headers=60]]'}\ncount to 30`,
  expected: countTo(30),
}));
/** Models of their own, so that a circuit that opens for them does not stand before the successes. */
const failures: readonly Asked[] = [
  { wire: messagesWire('claude-opus-4-5', false), prompt: '[[fault: status=500]]\ncount to 9', expected: countTo(9) },
  { wire: messagesWire('claude-opus-4-6', true), prompt: '[[fault: cut=6]]\ncount to 200', expected: countTo(200) },
];
const abort: Asked = {
  wire: messagesWire('claude-sonnet-4-5', true),
  prompt: '[[fault: drip=10]]\ncount to 300',
  expected: countTo(300),
  leaveAfter: 3,
};
const mixture = [...successes, ...failures, abort];

interface Witnessed extends Reading {
  readonly victim: string;
}

interface Traffic {
  readonly readings: readonly Witnessed[];
  /** Lets no client ask again; resolves when each has read to the end of what it had asked. */
  stop(): Promise<void>;
}

/** Clients that ask one thing after the other until they are stopped. */
function startTraffic(victim: string, { key }: Customer): Traffic {
  const readings: Witnessed[] = [];
  let stopped = false;
  const client = async (first: number): Promise<void> => {
    for (let turn = first; !stopped; turn += 1) {
      const reading = await ask({ ...mixture[turn % mixture.length]!, key });
      readings.push({ ...reading, victim });
      // Nobody listens: a client waits a little before it knocks again.
      if (reading.verdict === 'unanswered') await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  const clients = Array.from({ length: WORKERS }, (_, index) => client(index));
  return {
    readings,
    stop: async () => {
      stopped = true;
      await Promise.all(clients);
    },
  };
}

/** Every protocol on both lanes answers whole, all in one round. */
const untilAllAnswer = ({ key }: Customer): Promise<true> =>
  eventually(async () => {
    const round = await Promise.all(successes.map((asked) => ask({ ...asked, key })));
    return round.every(({ verdict }) => verdict === 'whole') ? true : undefined;
  }, 30_000);

const idsOf = (readings: readonly Witnessed[]): string[] => readings.map(({ requestId }) => requestId!);

describe('a platform whose processes are killed under traffic', () => {
  const traffics: Traffic[] = [];
  const seen = (): Witnessed[] => traffics.flatMap(({ readings }) => readings);
  let customer: Customer;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
  });
  afterAll(forgetVendorFailures, 30_000);

  it.each(victims)('has %s started again and answers everything as before', async (victim) => {
    // A fact that dies with ingress must be one of its own traffic's, or nobody could say why it is missing.
    if (victim === processOf('ingress')) await Promise.all(traffics.map((earlier) => earlier.stop()));
    const traffic = startTraffic(victim, customer);
    traffics.push(traffic);
    try {
      await eventually(async () => (traffic.readings.length >= 2 * mixture.length ? true : undefined), 20_000);
      const pid = signal(victim, 'SIGKILL');
      await untilReplaced(victim, pid);
      await untilAllAnswer(customer);
    } finally {
      // Not awaited: a stream whose other end is silent may take its time, and the next victim need not wait for it.
      void traffic.stop();
    }
  });

  it('never ends a broken answer as if it were whole', async () => {
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    expect(seen().filter(({ verdict }) => verdict === 'spoiled')).toEqual([]);
  });

  it('answered, refused, broke off and was left meanwhile, so that there is something to account for', () => {
    const verdicts = [...new Set(seen().map(({ verdict }) => verdict))];
    expect(verdicts).toEqual(expect.arrayContaining(['whole', 'refused', 'broken-off', 'left']));
  });

  it('charges each whole answer once what it used, unless its fact died with the process that held it', async () => {
    const whole = seen().filter(({ verdict }) => verdict === 'whole');
    const factSurvives = whole.filter(({ victim }) => victim !== processOf('ingress'));
    await eventually(async () => {
      const charged = new Set((await usageOf(customer.accountId)).map(({ requestId }) => requestId));
      return idsOf(factSurvives).every((id) => charged.has(id)) ? true : undefined;
    }, 45_000);
    await lapseHolds(customer.accountId);
    const holds = new Map((await holdsOf(customer.accountId)).map((hold) => [hold.request_id, hold]));
    // One that was carved from a grant has a row once its fact is settled, and lapses with its grant.
    const ends = new Set(idsOf(whole).map((id) => holds.get(id)?.state ?? 'expired'));
    expect([...ends].filter((state) => state !== 'settled' && state !== 'expired')).toEqual([]);
    const usage = await usageOf(customer.accountId);
    expect(usage.filter(({ cost, reckoned }) => cost !== reckoned)).toEqual([]);
    expect(new Set(usage.map(({ requestId }) => requestId)).size).toBe(usage.length);
  });

  it('charges nothing for what its client was told had failed', async () => {
    const failed = idsOf(seen().filter(({ verdict }) => verdict === 'refused' || verdict === 'broken-off'));
    const charged = new Set((await usageOf(customer.accountId)).map(({ requestId }) => requestId));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.filter((id) => charged.has(id))).toEqual([]);
  });

  it('holds nothing back afterwards, and its ledger verifies', async () => {
    const spent = (await usageOf(customer.accountId)).reduce((sum, { cost }) => sum + cost, 0n);
    expect(await balanceOf(customer.key)).toEqual({ available: nano(WALLET_USD) - spent, held: 0n });
    expect(await verifyLedger()).toMatchObject({ code: 0, said: expect.stringContaining('The ledger balances.') });
  });
});
