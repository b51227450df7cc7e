import { nano, type Customer } from '../accounts.js';
import { query } from '../ledger.js';
import { eventually } from '../platform.js';
import { askTasks, type Submission } from './tasks.js';

/** Something that is wished for in bulk, and what it costs when it comes. */
interface Wish {
  readonly model: string;
  readonly params: Submission['params'];
  readonly usd: string;
}

/** Films at vendors that can be asked what became of a lost order, and two wishes where nobody can be asked. */
const WISHES: readonly Wish[] = [
  { model: 'sora-2', params: { duration_seconds: 2 }, usd: '0.20' },
  { model: 'seedance-fast', params: { duration_seconds: 2 }, usd: '0.20' },
  { model: 'veo-3.1-lite', params: { duration_seconds: 2 }, usd: '0.10' },
  { model: 'seedream-v5lite', params: { n: 1 }, usd: '0.012' },
];
export const WITHOUT_LIST: readonly string[] = ['veo-3.1-lite', 'seedream-v5lite'];

/** A task as whoever wished for it remembers it. */
export interface Wished {
  readonly taskId: string;
  /** In its prompt, and nowhere else. */
  readonly words: string;
  readonly model: string;
  readonly price: bigint;
}

/** What a task's own row says. */
export interface TaskRow {
  readonly id: string;
  readonly state: string;
  /** Grows whenever somebody takes it up. */
  readonly fence: number;
  /** Whether somebody has to look at it now. */
  readonly is_due: boolean;
  readonly reason: string | null;
}

/** Everything that one customer has wished for, through whatever happens to the platform. */
export interface Fleet {
  readonly customer: Customer;
  readonly wished: readonly Wished[];
  /**
   * Wishes for one of each kind, so many times; `orders` steer the renders. Like any client that has read the manual it asks
   * again by the same name until it is answered; nobody has to wait for it.
   */
  wish(times: number, orders?: string): void;
  /** Until all that was wished for has been taken. */
  untilTaken(): Promise<void>;
  rows(): Promise<TaskRow[]>;
  /** How many are under way, those included that nobody has taken yet. */
  countUnderWay(): Promise<number>;
  /** Until each has ended, or waits for an operator. */
  untilNoneIsOpen(limitMs: number): Promise<void>;
  /** Until somebody has taken up each task that is open now, or nobody has to; answers how long that took. */
  untilAllMove(limitMs: number): Promise<number>;
}

const UNHEARD_MS = 100;
/** While its services come back a platform is away for seconds, and clients go on asking. */
const TAKEN_MS_MAX = 90_000;
const AT_REST: readonly string[] = ['completed', 'failed', 'cancelled', 'needs_review'];

const ROWS = `SELECT id, state, fence, coalesce(next_action_at <= now(), false) AS is_due, review_reason AS reason
  FROM tasks.task WHERE account_id = $1`;

export function startFleet(customer: Customer, callbackUrl: string): Fleet {
  const wished: Wished[] = [];
  const wishes: Promise<void>[] = [];

  const submit = async ({ model, params, usd }: Wish, orders: string): Promise<void> => {
    const words = `wish ${crypto.randomUUID()}`;
    const submission: Submission = {
      ...{ model, params: { ...params, prompt: `[[fault: ${orders}]] ${words}` } },
      ...{ out_task_id: words, callback_url: callbackUrl },
    };
    const taskId = await eventually(async () => {
      const answer = await askTasks(customer.key, 'tasks/submit', submission).catch(() => undefined);
      if (answer?.status === 200) return answer.body.task_id;
      await new Promise((resolve) => setTimeout(resolve, UNHEARD_MS));
      return undefined;
    }, TAKEN_MS_MAX);
    wished.push({ taskId, words, model, price: nano(usd) });
  };

  const rows = (): Promise<TaskRow[]> => query(ROWS, [customer.accountId]);
  const open = async (): Promise<TaskRow[]> => (await rows()).filter(({ state }) => !AT_REST.includes(state));

  return {
    customer,
    wished,
    wish: (times, orders = 'render-ms=1500') => {
      const asked = Array.from({ length: times }, () => WISHES).flat();
      wishes.push(...asked.map((wish) => submit(wish, orders)));
    },
    untilTaken: async () => void (await Promise.all(wishes)),
    rows,
    countUnderWay: async () => wishes.length - wished.length + (await open()).length,
    untilNoneIsOpen: async (limitMs) => {
      await eventually(async () => ((await open()).length === 0 ? true : undefined), limitMs);
    },
    untilAllMove: async (limitMs) => {
      const began = Date.now();
      const before = new Map((await open()).map(({ id, fence }) => [id, fence]));
      const stuck = async () => (await open()).filter(({ id, fence, is_due }) => is_due && before.get(id) === fence);
      await eventually(async () => ((await stuck()).length === 0 ? true : undefined), limitMs);
      return Date.now() - began;
    },
  };
}
