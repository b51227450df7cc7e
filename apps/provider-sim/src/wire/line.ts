import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { Gates } from '../faults/gates.js';

/** Everything needed to put one answer on one socket. */
export interface Delivery {
  readonly response: ServerResponse;
  readonly plan: FaultPlan;
  readonly gates: Gates;
  /** Aborted when the caller has gone. */
  readonly gone: AbortSignal;
  /** Told before the simulator itself breaks the connection. */
  readonly hangingUp: () => void;
  /** Told of every piece of body handed to the socket. */
  readonly sent: (bytes: string | Buffer) => void;
}

/** Cuts the line, or leaves it open and silent until the caller gives up. */
export const stopMidway = async (delivery: Delivery): Promise<void> => {
  if (delivery.plan.stallAfter !== undefined) return untilGone(delivery.gone);
  // What was written must have left before a reset, which throws away whatever is still on its way.
  if (delivery.plan.reset) await nextTurn();
  hangUp(delivery);
};

/** Breaks the connection: by a reset where one was asked for, else by closing it early. */
export const hangUp = ({ response, plan, hangingUp }: Delivery): void => {
  hangingUp();
  if (plan.reset) response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
};

/** Writes and notes a piece, waiting while the caller reads more slowly than it is written. */
export const write = async (delivery: Delivery, bytes: string | Buffer): Promise<void> => {
  delivery.sent(bytes);
  await writeUnseen(delivery, bytes);
};

/** Writes a piece that nobody notes: what a file consists of would soon fill the record. */
export const writeUnseen = async ({ response, gone }: Delivery, bytes: string | Buffer): Promise<void> => {
  if (!response.write(bytes)) await unlessGone(once(response, 'drain', { signal: gone }), gone);
};

/** Waits, unless the caller leaves before. */
export const pause = (ms: number, gone: AbortSignal): Promise<void> =>
  unlessGone(delay(ms, undefined, { signal: gone }), gone);

/** Waits until the caller leaves. */
export const untilGone = (gone: AbortSignal): Promise<void> =>
  gone.aborted ? Promise.resolve() : unlessGone(once(gone, 'abort'), gone);

/** Waits for something that the caller's leaving cuts short without being an error. */
const unlessGone = async (waiting: Promise<unknown>, gone: AbortSignal): Promise<void> => {
  try {
    await waiting;
  } catch (error) {
    if (!gone.aborted) throw error;
  }
};
