import { nano, newCustomer } from './accounts.js';
import { armDeath, disarm } from './kill-points.js';
import { startListener, type Listener } from './media/callbacks.js';
import { auditFleet, FLAWLESS } from './media/fleet-audit.js';
import { startFleet, type Fleet } from './media/fleet.js';
import { LOSSES, outage, worker } from './media/incidents.js';
import { eventually, mode } from './platform.js';
import { forgetVendorFailures, signal } from './processes.js';
import { clearFaults } from './simulator.js';

const WALLET_USD = '500.00';
/** A platform that has lost something goes on within this. */
const RESUME_MS_MAX = 30_000;
/** An order that was lost on its way is sent again when it cannot arrive any more: a minute later. */
const END_MS_MAX = 180_000;

/** The worker has to come back, and a task to come so far: no promise of ours says how soon. */
const DEATH_MS_MAX = 120_000;

/** More than come to any step; what piled up beyond that, on a slow machine, would be a burden of this spec's own making. */
const UNDER_WAY_MAX = 24;

/** Every step of a task (libs/service); those of the second list are the same wherever the worker runs, and tried in split alone. */
const AROUND_VENDOR_COPY_AND_LEDGER = [
  ...['task.send.written', 'task.send.answered', 'task.copy.begun', 'task.copy.made'],
  ...['task.fact.stating', 'task.fact.settled'],
];
const BETWEEN_OWN_ROWS = [
  ...['task.hold.answered', 'task.submit.admitted', 'task.send.noted', 'task.fact.stored', 'task.end.written'],
];
const STEPS = [...AROUND_VENDOR_COPY_AND_LEDGER, ...(mode === 'split' ? BETWEEN_OWN_ROWS : [])].map((step, index) => ({
  ...{ step, isFirst: index === 0 },
}));

describe('tasks on a platform that dies under them', () => {
  let fleet: Fleet;
  let listener: Listener;
  /** How long after each incident every task had been worked on again. */
  const resumedMs: number[] = [];
  beforeAll(async () => {
    listener = await startListener();
    fleet = startFleet(await newCustomer(WALLET_USD), listener.url);
  });
  afterAll(async () => {
    process.stdout.write(`${mode}: all tasks were worked on within ${Math.max(...resumedMs)} ms of every incident\n`);
    listener.stop();
    await clearFaults();
    await forgetVendorFailures();
  }, 30_000);

  it.each([...LOSSES, outage(3_000)])(
    'go on when $what',
    async ({ befall }) => {
      // When it happens some are rendered, some copied, some taken.
      fleet.wish(1, 'render-ms=2500');
      fleet.wish(1, 'render-ms=300');
      await fleet.untilTaken();
      fleet.wish(1, 'render-ms=300');
      await befall();
      resumedMs.push(await fleet.untilAllMove(RESUME_MS_MAX));
    },
    120_000,
  );

  it.each(STEPS)(
    'go on when their worker is killed at $step',
    async ({ step, isFirst }) => {
      const death = armDeath(worker, `${step}:2`);
      // The first is killed for it; after that it is dead already, and comes back armed.
      if (isFirst) signal(worker, 'SIGKILL');
      await eventually(async () => {
        if (death.hasCome()) return true;
        if ((await fleet.countUnderWay()) < UNDER_WAY_MAX) fleet.wish(1, 'render-ms=300');
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return undefined;
      }, DEATH_MS_MAX);
      disarm(worker);
    },
    150_000,
  );

  it('have ended, each once, or wait for an operator where no vendor can be asked', async () => {
    await fleet.untilTaken();
    await fleet.untilAllMove(RESUME_MS_MAX);
    await fleet.untilNoneIsOpen(END_MS_MAX);
    expect(await auditFleet(fleet, listener, nano(WALLET_USD))).toEqual(FLAWLESS);
  }, 360_000);
});
