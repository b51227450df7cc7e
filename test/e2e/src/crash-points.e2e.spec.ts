import { nano, newCustomer, type Customer } from './accounts.js';
import { auditBook, CLEAN, unchargedAnswers } from './book.js';
import { armDeath, disarm } from './kill-points.js';
import { eventually, mode, running } from './platform.js';
import { loseJetStream, processOf, signal, watchDeaths } from './processes.js';
import { startTopUps } from './top-ups.js';
import { mixture, startTraffic, untilAllAnswer, type Traffic } from './traffic.js';

const WALLET_USD = '1000.00';

interface Death {
  readonly service: 'billing-ledger' | 'ingress';
  readonly step: string;
  /** Of the steps that are the same wherever the two run; the others are proved in processes of their own. */
  readonly isTriedTogether?: true;
}

/** Every step of libs/service, and how often it is passed before the process dies there. The ledger's come first, see chaos. */
const deaths: readonly Death[] = [
  { service: 'billing-ledger', step: 'ledger.hold.deciding:3' },
  { service: 'billing-ledger', step: 'ledger.hold.committed:3', isTriedTogether: true },
  { service: 'billing-ledger', step: 'ledger.grant.taken:1' },
  { service: 'billing-ledger', step: 'ledger.hold.carved:5', isTriedTogether: true },
  { service: 'billing-ledger', step: 'ledger.credit.committed:2' },
  { service: 'billing-ledger', step: 'ledger.outbox.published:2', isTriedTogether: true },
  { service: 'billing-ledger', step: 'ledger.fact.received:2' },
  { service: 'billing-ledger', step: 'ledger.end.deciding:2' },
  { service: 'billing-ledger', step: 'ledger.end.committed:2', isTriedTogether: true },
  { service: 'billing-ledger', step: 'ledger.fact.settled:2', isTriedTogether: true },
  { service: 'ingress', step: 'ingress.hold.asking:5' },
  { service: 'ingress', step: 'ingress.hold.answered:5', isTriedTogether: true },
  { service: 'ingress', step: 'ingress.content.sent:20' },
  { service: 'ingress', step: 'ingress.answer.ended:5' },
  { service: 'ingress', step: 'ingress.fact.stating:5', isTriedTogether: true },
  { service: 'ingress', step: 'ingress.fact.stored:5', isTriedTogether: true },
  { service: 'ingress', step: 'ingress.fact.confirmed:5' },
];
const tried = mode === 'split' ? deaths : deaths.filter(({ isTriedTogether }) => isTriedTogether);

describe('a platform that dies between two steps', () => {
  const ingress = watchDeaths(processOf('ingress'));
  let customer: Customer;
  let traffic: Traffic;
  let topUps: ReturnType<typeof startTopUps>;
  beforeAll(async () => {
    customer = await newCustomer(WALLET_USD);
    traffic = startTraffic(customer);
    topUps = startTopUps(customer.accountId);
  });
  afterAll(async () => {
    await Promise.all([traffic.stop(), topUps.stop()]);
    ingress.stop();
  });

  const dying = new Set<string>();
  it.each(tried)('is killed at $step and goes on', async ({ service, step }) => {
    const name = processOf(service);
    const death = armDeath(name, step);
    // The first is killed for it; after that it is dead already, and comes back armed.
    if (!dying.has(name)) signal(name, 'SIGKILL');
    dying.add(name);
    const isOfGrants = /grant|carved/.test(step);
    await eventually(async () => {
      if (death.hasCome()) return true;
      // Only a busy key is admitted from a grant.
      if (isOfGrants) await traffic.hurry();
      return undefined;
    }, 150_000);
    disarm(name);
  });

  it('has charged every answer of before, half a minute after a ledger died with facts in its hands', async () => {
    // A JetStream that is lost meanwhile would take them along, since the ingress that stated them has died as well.
    const readings = [...traffic.readings];
    const asked = { customer, readings, ingressDeaths: ingress.deaths };
    await eventually(async () => ((await unchargedAnswers(asked)).length === 0 ? true : undefined), 150_000);
  });

  it('is killed together with all that JetStream had stored, and goes on', async () => {
    await loseJetStream();
    const before = traffic.readings.length;
    await eventually(async () => (traffic.readings.length > before + mixture.length ? true : undefined));
  });

  it('answers everything as before', async () => {
    await untilAllAnswer(customer);
    await traffic.stop();
    expect(Object.keys(running().pids)).toEqual(expect.arrayContaining(['nats', 'postgres', processOf('ingress')]));
  });

  it('comes to rest by itself, with every whole answer charged once what it used and no failure charged', async () => {
    const { readings } = traffic;
    const { deaths: ingressDeaths } = ingress;
    const paidIn = nano(WALLET_USD) + (await topUps.stop());
    expect(await auditBook({ customer, paidIn, readings, ingressDeaths })).toEqual(CLEAN);
  }, 400_000);
});
