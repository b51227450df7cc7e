import { nano, newCustomer } from './accounts.js';
import { auditBook, CLEAN } from './book.js';
import { verifyLedger } from './ledger.js';
import { eventually, mode } from './platform.js';
import { loseJetStream, processOf, signal, untilReplaced, watchDeaths } from './processes.js';
import { randomFrom } from './random.js';
import { startTopUps } from './top-ups.js';
import { startTraffic, untilAllAnswer } from './traffic.js';

const KILLS = Number(process.env['NIGHTLY_KILLS'] ?? 200);
const SEED = Number(process.env['NIGHTLY_SEED'] ?? 1);
const KILLS_PER_ROUND = 20;
const WALLET_USD = '1000.00';
/** As many answers, at most, lie between two kills. */
const ANSWERS_MAX = 40;

const services =
  mode === 'split'
    ? [
        'ingress',
        'billing-ledger',
        'billing-ledger',
        'upstream-adapters',
        'translator',
        'task-worker',
        'router',
        'console-api',
      ]
    : ['all-in-one', 'all-in-one', 'all-in-one'];
/** Ledgers twice, for the sake of the money; with `jetstream` all goes that it had stored. */
const victims = [...services, 'nats', 'postgres', 'redis', 'jetstream'];
const processOfVictim = (victim: string): string => (victim === 'jetstream' ? 'nats' : victim);

const rounds = Array.from({ length: Math.ceil(KILLS / KILLS_PER_ROUND) }, (_, index) => ({
  round: index + 1,
  seed: SEED + index,
  kills: Math.min(KILLS_PER_ROUND, KILLS - index * KILLS_PER_ROUND),
}));

describe('a platform whose processes are killed at random, under traffic', () => {
  it.each(rounds)('is right to the nano after $kills kills (round $round, seed $seed)', async ({ seed, kills }) => {
    const random = randomFrom(seed);
    const customer = await newCustomer(WALLET_USD);
    const ingress = watchDeaths(processOf('ingress'));
    const traffic = startTraffic(customer);
    const topUps = startTopUps(customer.accountId);
    /** What is being started again, by process: others may be killed meanwhile. */
    const returning = new Map<string, Promise<unknown>>();
    const kill = async (victim: string): Promise<unknown> =>
      victim === 'jetstream' ? loseJetStream() : untilReplaced(victim, signal(victim, 'SIGKILL'), 60_000);
    for (let count = 0; count < kills; count += 1) {
      const enough = traffic.readings.length + random(ANSWERS_MAX);
      await eventually(async () => (traffic.readings.length >= enough ? true : undefined), 60_000);
      const victim = victims[random(victims.length)]!;
      const name = processOfVictim(victim);
      await returning.get(name);
      returning.set(name, kill(victim));
      await returning.get('postgres');
      expect(await verifyLedger()).toMatchObject({ code: 0 });
    }
    await Promise.all(returning.values());
    await untilAllAnswer(customer);
    await traffic.stop();
    ingress.stop();
    const { readings } = traffic;
    const paidIn = nano(WALLET_USD) + (await topUps.stop());
    const findings = await auditBook({ customer, paidIn, readings, ingressDeaths: ingress.deaths });
    expect(findings).toEqual(CLEAN);
  });
});
