import { GatewayError } from '@bytespike/kernel';

export interface GroupCommitOptions<Item, Result> {
  /** Commits a batch at once and answers each item, in order. Rejects when nothing was committed, or nobody knows. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly batchMax: number;
  /** Items waiting beyond this are refused as `unavailable`: a queue that only grows is an outage in slow motion. */
  readonly waitingMax: number;
  /**
   * How long a batch that is not full waits for company, told how many shared the last one. Zero: a batch is whatever
   * came while the last one ran.
   */
  readonly lingerMs: (lastBatch: number) => number;
  /** Whether a failed batch may have failed for one of its items alone; then each is committed by itself. */
  readonly mayIsolate: (error: unknown) => boolean;
}

/** Lets many callers share one commit. One batch runs at a time, so the store is asked as seldom as load allows. */
export interface GroupCommit<Item, Result> {
  submit(item: Item): Promise<Result>;
  /** Resolves when everything submitted so far has been answered. */
  settled(): Promise<void>;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let running: Promise<void> | undefined;
  let lastBatch = 0;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lingerMs = options.lingerMs(lastBatch);
      if (lingerMs > 0 && waiting.length < options.batchMax) await pause(lingerMs);
      const batch = waiting.slice(0, options.batchMax);
      waiting = waiting.slice(options.batchMax);
      lastBatch = batch.length;
      await commitBatch(batch, options);
    }
    running = undefined;
  };

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= options.waitingMax) {
          reject(new GatewayError('unavailable', 'the ledger has more waiting than it may hold'));
          return;
        }
        waiting.push({ item, resolve, reject });
        // Begins in a microtask, so that callers of one turn of the event loop share the first batch.
        running ??= Promise.resolve().then(run);
      }),
    settled: async () => {
      while (running) await running;
    },
  };
}

async function commitBatch<Item, Result>(
  batch: readonly Waiting<Item, Result>[],
  options: GroupCommitOptions<Item, Result>,
): Promise<void> {
  try {
    const results = await options.commit(batch.map(({ item }) => item));
    batch.forEach(({ resolve, reject }, at) => {
      const result = results[at];
      if (result === undefined) reject(new Error('a group commit answered fewer items than it was given'));
      else resolve(result);
    });
  } catch (error) {
    if (batch.length > 1 && options.mayIsolate(error)) {
      for (const one of batch) await commitBatch([one], options);
      return;
    }
    for (const { reject } of batch) reject(error);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
