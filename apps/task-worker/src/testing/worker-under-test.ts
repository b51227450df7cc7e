import { findPictures } from '@bytespike/assets';
import { MemoryAssetStore } from '@bytespike/assets/testing';
import type { TaskView, UsageFact } from '@bytespike/contracts';
import { createPool, type Pool } from '@bytespike/database';
import { withTestDatabase, type TestDatabase } from '@bytespike/database/testing';

import type { Task } from '../domain/task.js';
import { submitTask } from '../requests/submit-task.js';
import type { RequestPorts } from '../requests/request-ports.js';
import { askDue } from '../steps/ask-due.js';
import { workOnTask } from '../steps/work-on-task.js';
import { StandIn } from '../queues/stand-in.js';
import { PgTaskStore } from '../store/pg-task-store.js';
import { sweep } from '../sweep.js';
import { BookLedger } from './book-ledger.js';
import { FILM_INPUT, type SubmitInput } from './film-input.js';
import { MemoryAlarm } from './memory-alarm.js';
import { scriptedVendor } from './scripted-vendor.js';

/** A worker over a real Postgres, with a vendor and a ledger by script and a clock that a test turns. */
export class WorkerUnderTest {
  readonly vendor = scriptedVendor();
  readonly ledger = new BookLedger();
  readonly alarm = new MemoryAlarm();
  readonly announced: TaskView[] = [];
  readonly forgotten: string[] = [];
  readonly assets = new MemoryAssetStore(() => new Date(this.now));
  readonly store: PgTaskStore;
  readonly leaving = new AbortController();
  now = Date.now();
  private nextId = 0;

  private constructor(
    readonly pool: Pool,
    private readonly database: TestDatabase,
  ) {
    this.store = new PgTaskStore(pool);
  }

  static async start(): Promise<WorkerUnderTest> {
    const database = await withTestDatabase();
    const pool = createPool(database.url, { max: 8, statementTimeoutMs: 5_000, applicationName: 'test' });
    return new WorkerUnderTest(pool, database);
  }

  async stop(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
  }

  get ports(): RequestPorts {
    const { store, ledger, alarm, vendor } = this;
    return {
      ...{ store, alarm, vendors: vendor.handlers },
      ledger: {
        state: (fact: UsageFact) => ledger.state(fact),
        unended: async ({ requests }) => ledger.unended(requests.map(({ requestId }) => requestId)),
        readReceipt: async ({ requestId }) => ledger.receipt(requestId) as never,
      },
      announce: (view) => void this.announced.push(view),
      onDelivery: () => undefined,
      forget: (names) => void this.forgotten.push(...names),
      findPictures: (sought) => findPictures(this.assets, sought),
      moment: () => ({ now: this.now, random: () => 0.5, askMsMax: 20_000 }),
      logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
      leaving: this.leaving.signal,
      hold: (request) => ledger.hold(request),
      newMark: () => 7,
      newTaskId: () => `task_${String((this.nextId += 1)).padStart(4, '0')}`,
      traceparent: () => undefined,
      estimates: { expect: async (_model, _shown, told) => told },
      openTasks: { assertRoom: async () => undefined },
    };
  }

  submit(change: Partial<SubmitInput> = {}): ReturnType<typeof submitTask> {
    const context = { requestId: 'request-1', deadline: Date.now() + 10_000, signal: new AbortController().signal };
    return submitTask({ ...FILM_INPUT, ...change }, context, this.ports);
  }

  async row(taskId: string): Promise<Task> {
    const [task] = await this.store.readMany([taskId]);
    if (!task) throw new Error(`there is no task ${taskId}`);
    return task;
  }

  look(taskId: string): Promise<void> {
    return workOnTask(taskId, this.ports);
  }

  async sweep(): Promise<void> {
    const { store, alarm, ports } = this;
    const standIn = new StandIn((taskId) => this.look(taskId), { submit: 2, draw: 2, poll: 2, fetch: 2, settle: 2 });
    await sweep({ store, alarm, standIn, now: () => this.now, logger: ports.logger });
    await standIn.idle();
  }

  askDue(): Promise<void> {
    return askDue(this.ports);
  }

  /** Works on a task until a worker dies at a step: what it wrote is there, and nothing comes of what it began. Its lease is over. */
  async crashAt(taskId: string, step: 'send' | 'copy' | 'settle'): Promise<Task> {
    let die = (): void => undefined;
    const death = new Promise<'dead'>((resolve) => (die = () => resolve('dead')));
    const hang = (): Promise<never> => {
      die();
      return new Promise<never>(() => undefined);
    };
    const { vendors, ledger, ...ports } = this.ports;
    const dying: RequestPorts = {
      ...ports,
      store: Object.assign(Object.create(this.store) as PgTaskStore, { renew: async () => true }),
      vendors: { ...vendors, ...(step === 'send' && { submit: hang }), ...(step === 'copy' && { fetch: hang }) },
      ledger: { ...ledger, ...(step === 'settle' && { state: hang }) },
    };
    for (let steps = 0; steps < 20; steps += 1) {
      await this.untilDue(taskId);
      const worked = workOnTask(taskId, dying).then(() => 'worked' as const);
      if ((await Promise.race([worked, death])) === 'worked') continue;
      await this.pool.query('UPDATE tasks.task SET lease_until = NULL WHERE id = $1', [taskId]);
      return this.row(taskId);
    }
    throw new Error(`it never came to ${step}`);
  }

  private async untilDue(taskId: string): Promise<void> {
    const { nextActionAt } = await this.row(taskId);
    if (nextActionAt !== undefined) this.now = Math.max(this.now, nextActionAt);
  }

  /** Turns the clock to when the task is due, and has it looked at. */
  async step(taskId: string): Promise<Task> {
    await this.untilDue(taskId);
    await workOnTask(taskId, this.ports);
    return this.row(taskId);
  }

  /** Steps until it has ended, or stays where it is for ever. */
  async run(taskId: string, stepsMax = 60): Promise<Task> {
    let task = await this.row(taskId);
    for (let steps = 0; steps < stepsMax && task.nextActionAt !== undefined; steps += 1) task = await this.step(taskId);
    return task;
  }
}
