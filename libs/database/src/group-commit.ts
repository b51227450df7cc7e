import { WaitingLine } from './waiting-line.js';

/** How a batch is committed, and how large it and the line before it may become. */
export interface GroupCommitOptions<Item, Result> {
  /** Commits a batch at once and answers each item, in order. Rejects when nothing was committed, or nobody knows. */
  readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** How much of the limits an item takes up; one, unless said otherwise. */
  readonly weigh?: (item: Item) => number;
  /** What a batch may weigh. A single item may weigh more, and then goes alone. */
  readonly batchMax: number;
  /** Items beyond this weight are refused as `unavailable`: a queue that only grows is an outage in slow motion. */
  readonly waitingMax: number;
  /**
   * Whose an item is. Nobody may have more waiting than there is room left for everybody else: who asks for more is refused as
   * `concurrency`, and however many do, there is room for the next.
   */
  readonly ownerOf?: (item: Item) => string;
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

/**
 * Gathers what is submitted while a batch is under way into the next one. `submit` rejects with `unavailable` or `concurrency` where
 * the line is full, and with what `commit` threw.
 */
export function createGroupCommit<Item, Result>(options: GroupCommitOptions<Item, Result>): GroupCommit<Item, Result> {
  const { weigh = () => 1, waitingMax, ownerOf } = options;
  const waiting = new WaitingLine<Item, Waiting<Item, Result>>({ weigh, waitingMax, ownerOf });
  let running: Promise<void> | undefined;
  let lastBatch = 0;

  const run = async (): Promise<void> => {
    while (!waiting.isEmpty) {
      const lingerMs = options.lingerMs(lastBatch);
      if (lingerMs > 0 && waiting.weight < options.batchMax) await pause(lingerMs);
      const batch = waiting.take(options.batchMax);
      lastBatch = batch.length;
      await commitBatch(batch, options);
    }
    running = undefined;
  };

  return {
    submit: (item) =>
      new Promise((resolve, reject) => {
        waiting.add({ item, resolve, reject });
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
