import { eventually } from '../platform.js';
import { release, stats } from '../simulator.js';

/** Nobody promises how soon an order reaches its vendor. */
const HELD_MS_MAX = 60_000;

/** Lets a held render go on, once its vendor has it: a gate that is opened before anybody waits there holds whoever comes later. */
export async function releaseHeld(gate: string): Promise<void> {
  await eventually(async () => ((await stats()).waiting[gate] === undefined ? undefined : true), HELD_MS_MAX);
  await release(gate);
}
