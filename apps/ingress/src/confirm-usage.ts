import type { billing, ClientFor, UsageFact } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { every, reached } from '@bytespike/service';
import type { Logger } from '@bytespike/telemetry';

type Unended = ClientFor<typeof billing>['unended'];

/** Asks the ledger which of these requests hold money back still. */
export type AskUnended = (requests: Parameters<Unended>[0]['requests']) => ReturnType<Unended>;

export interface ConfirmationParts {
  readonly askUnended: AskUnended;
  /** Has a fact stated anew, by its text: it was stored, and will not come to the ledger. */
  readonly repeat: (text: string) => void;
  readonly logger: Pick<Logger, 'error' | 'warn'>;
  readonly now: () => number;
  readonly everyMs?: number | undefined;
  /** How long a process that goes down waits for the ledger. */
  readonly settleMs?: number | undefined;
}

/** Facts that the bus has stored, until the ledger has ended their holds. */
export interface Confirmation {
  /** `text` is what was stored. */
  watch(fact: UsageFact, text: string): void;
  /** When the oldest request began; undefined when there is none. */
  oldestStartedAt(): number | undefined;
  size(): number;
  /** Asks once about what was stored so long ago, or longer; answers whether the ledger could be asked. Never rejects. */
  ask(olderThanMs: number): Promise<boolean>;
  /** Waits a moment for what is left to be confirmed; what is not then is stored all the same. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Settling takes a quarter of a second or so, so that most are asked about once. */
const EVERY_MS = 2_000;
/** Of the contract. */
const ASKED_MAX = 1_000;
/** What two machines' clocks may differ by; a fact that is repeated too soon changes nothing. */
const CLOCKS_MS = 2_000;
/** A stream that never hands a fact out says nothing of it; then it is repeated for its age, ever more seldom. */
const PATIENCE_MS = 60_000;
const PATIENCE_MS_MAX = 960_000;
const SETTLE_MS = 1_000;
const SETTLE_PAUSE_MS = 100;

/** No more than is asked about, and the text: thousands wait at a time, and a fact itself is dozens of objects. */
interface Watched {
  readonly requestId: string;
  readonly grantId: string | undefined;
  readonly startedAt: number;
  readonly repeat: number;
  readonly text: string;
  readonly storedAt: number;
}

const patienceWith = (repeat: number): number => Math.min(PATIENCE_MS * 2 ** repeat, PATIENCE_MS_MAX);

/** Keeps facts until they are confirmed, and asks about them by the clock. */
export function createConfirmation(parts: ConfirmationParts): Confirmation {
  const { askUnended, repeat, logger, now, everyMs = EVERY_MS, settleMs = SETTLE_MS } = parts;
  /** In the order of storing. */
  const watched = new Map<string, Watched>();

  const isLost = ({ repeat: repeated, storedAt }: Watched, handledUntil: number | undefined): boolean =>
    (handledUntil !== undefined && storedAt + CLOCKS_MS < handledUntil) || now() - storedAt > patienceWith(repeated);

  const repeatLost = ({ requestId, text }: Watched): void => {
    watched.delete(requestId);
    repeat(text);
  };

  /** Answers whether any of them is settled, or had to be stated anew. */
  const askAbout = async (asked: readonly Watched[]): Promise<boolean> => {
    const { requestIds, handledUntil } = await askUnended(
      asked.map(({ requestId, grantId }) => (grantId === undefined ? { requestId } : { requestId, grantId })),
    );
    const unended = new Set(requestIds);
    let isMoving = false;
    for (const one of asked) {
      // It may have been repeated, or confirmed, while the ledger was asked.
      if (watched.get(one.requestId) !== one) continue;
      const hasEnded = !unended.has(one.requestId);
      if (!hasEnded && !isLost(one, handledUntil)) continue;
      isMoving = true;
      if (hasEnded) {
        watched.delete(one.requestId);
        reached('ingress.fact.confirmed');
      } else repeatLost(one);
    }
    return isMoving;
  };

  const ask = async (olderThanMs: number): Promise<boolean> => {
    const before = now() - olderThanMs;
    const due = [...watched.values()].filter(({ storedAt }) => storedAt <= before);
    try {
      for (let at = 0; at < due.length; at += ASKED_MAX)
        // A batch in which nothing has moved says that the ledger is behind, and what follows is younger.
        if (!(await askAbout(due.slice(at, at + ASKED_MAX)))) return true;
      return true;
    } catch (error) {
      logger.warn({ kind: GatewayError.from(error).kind }, 'the ledger cannot be asked what has ended');
      return false;
    }
  };

  const clock = every(everyMs, async () => void (await ask(everyMs)), logger);
  return {
    watch: ({ requestId, carved, startedAt, repeat: repeated = 0 }, text) =>
      void watched.set(requestId, {
        requestId,
        grantId: carved?.grantId,
        startedAt,
        repeat: repeated,
        text,
        storedAt: now(),
      }),
    oldestStartedAt: () => {
      let oldest: number | undefined;
      for (const { startedAt } of watched.values()) oldest = Math.min(startedAt, oldest ?? startedAt);
      return oldest;
    },
    size: () => watched.size,
    ask,
    settle: async () => {
      let isAnswering = await ask(0);
      for (let waitedMs = 0; isAnswering && watched.size > 0 && waitedMs < settleMs; waitedMs += SETTLE_PAUSE_MS) {
        await new Promise((resolve) => setTimeout(resolve, SETTLE_PAUSE_MS));
        isAnswering = await ask(0);
      }
    },
    stop: () => clock.stop(),
  };
}
