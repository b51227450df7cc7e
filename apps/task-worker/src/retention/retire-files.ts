import { retireAssets, type AssetStore, type PassedBy } from '@bytespike/assets';
import type { Logger } from '@bytespike/telemetry';

export interface RetireFilesPorts {
  readonly assets: AssetStore;
  readonly logger: Pick<Logger, 'warn'>;
}

/** How many assets one step looks at. */
const STEP = 1_000;
/** Ten million assets; what is beyond them waits for the next round. */
const STEPS_MAX = 10_000;

/** Deletes files kept before a moment, step by step, and says how many. What had to be passed by is told once, when all is done. */
export async function retireFiles(
  { assets, logger }: RetireFilesPorts,
  before: Date,
  signal: AbortSignal,
): Promise<number> {
  const unreadable = createTally();
  const undeletable = createTally();
  let deleted = 0;
  let cursor: string | undefined;
  for (let steps = 0; steps < STEPS_MAX && !signal.aborted; steps += 1) {
    const step = await retireAssets(assets, { before, limit: STEP, cursor }, signal);
    deleted += step.deleted;
    unreadable.add(step.unreadable);
    undeletable.add(step.undeletable);
    cursor = step.next;
    if (cursor === undefined) break;
  }
  unreadable.tell((facts) => logger.warn(facts, 'what lies among the assets and is none is left alone'));
  undeletable.tell((facts) => logger.warn(facts, 'assets that were kept long enough cannot be deleted'));
  return deleted;
}

interface PassedByFacts {
  readonly files: number;
  /** Which one came first, and why it was passed by: the others are likely to be of its kind. */
  readonly first: string;
  readonly err: Error;
}

interface Tally {
  add(passedBy: readonly PassedBy[]): void;
  tell(say: (facts: PassedByFacts) => void): void;
}

/** However many there are, one of them is held. */
function createTally(): Tally {
  let files = 0;
  let first: PassedBy | undefined;
  return {
    add(passedBy) {
      files += passedBy.length;
      first ??= passedBy[0];
    },
    tell(say) {
      if (first) say({ files, first: first.name, err: first.failure });
    },
  };
}
