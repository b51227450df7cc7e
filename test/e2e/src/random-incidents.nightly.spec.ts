import { nano, newCustomer } from './accounts.js';
import { verifyLedger } from './ledger.js';
import { startListener } from './media/callbacks.js';
import { auditFleet, FLAWLESS } from './media/fleet-audit.js';
import { startFleet } from './media/fleet.js';
import { LOSSES, outage } from './media/incidents.js';
import { randomFrom } from './random.js';
import { clearFaults } from './simulator.js';

const KILLS = Number(process.env['NIGHTLY_KILLS'] ?? 200);
const SEED = Number(process.env['NIGHTLY_SEED'] ?? 1);
const INCIDENTS_PER_ROUND = 10;
const WALLET_USD = '500.00';
const RESUME_MS_MAX = 30_000;
const END_MS_MAX = 240_000;

const incidents = [...LOSSES, ...LOSSES, outage(60_000)];

const rounds = Array.from({ length: Math.ceil(KILLS / INCIDENTS_PER_ROUND) }, (_, index) => ({
  round: index + 1,
  seed: SEED + index,
}));

describe('tasks on a platform to which everything happens', () => {
  it.each(rounds)('end once, asked for once and charged right (round $round, seed $seed)', async ({ seed }) => {
    const random = randomFrom(seed);
    const listener = await startListener();
    const fleet = startFleet(await newCustomer(WALLET_USD), listener.url);
    for (let count = 0; count < INCIDENTS_PER_ROUND; count += 1) {
      fleet.wish(2, `render-ms=${random(8_000)}`);
      fleet.wish(1, 'render-ms=200');
      await incidents[random(incidents.length)]!.befall();
      await fleet.untilAllMove(RESUME_MS_MAX);
      expect(await verifyLedger()).toMatchObject({ code: 0 });
    }
    await fleet.untilTaken();
    await fleet.untilNoneIsOpen(END_MS_MAX);
    expect(await auditFleet(fleet, listener, nano(WALLET_USD))).toEqual(FLAWLESS);
    listener.stop();
    await clearFaults();
  });
});
