import { nano, newCustomer, type Customer } from './accounts.js';
import { auditBook, CLEAN } from './book.js';
import { eventually, mode } from './platform.js';
import { forgetVendorFailures, processOf, signal, untilReplaced, watchDeaths } from './processes.js';
import { mixture, startTraffic, untilAllAnswer, type Traffic } from './traffic.js';

const WALLET_USD = '1000.00';

const servers = ['nats', 'postgres', 'redis'];
/** First those after which facts are delivered anew, half a minute later: it passes while the others are killed. */
const victims =
  mode === 'split'
    ? [
        'billing-ledger',
        ...servers,
        'upstream-adapters',
        'task-worker',
        'translator',
        'router',
        'console-api',
        'ingress',
      ]
    : ['all-in-one', ...servers];

describe('a platform whose processes are killed under traffic', () => {
  const traffics: Traffic[] = [];
  const seen = () => traffics.flatMap(({ readings }) => readings);
  const ingress = watchDeaths(processOf('ingress'));
  let customer: Customer;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
  });
  afterAll(async () => {
    ingress.stop();
    await forgetVendorFailures();
  }, 90_000);

  it.each(victims)('has %s started again and answers everything as before', async (victim) => {
    const traffic = startTraffic(customer);
    traffics.push(traffic);
    try {
      await eventually(async () => (traffic.readings.length >= 2 * mixture.length ? true : undefined));
      const pid = signal(victim, 'SIGKILL');
      await untilReplaced(victim, pid);
      await untilAllAnswer(customer);
    } finally {
      // Not awaited: a stream whose other end is silent may take its time, and the next victim need not wait for it.
      void traffic.stop();
    }
  });

  it('answered, refused, broke off and was left meanwhile, so that there is something to account for', async () => {
    await Promise.all(traffics.map((traffic) => traffic.stop()));
    const verdicts = [...new Set(seen().map(({ verdict }) => verdict))];
    expect(verdicts).toEqual(expect.arrayContaining(['whole', 'refused', 'broken-off', 'left']));
  });

  it('comes to rest by itself, with every whole answer charged once what it used and no failure charged', async () => {
    const { deaths: ingressDeaths } = ingress;
    expect(await auditBook({ customer, paidIn: nano(WALLET_USD), readings: seen(), ingressDeaths })).toEqual(CLEAN);
  }, 400_000);
});
