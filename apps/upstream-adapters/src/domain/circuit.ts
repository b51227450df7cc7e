/**
 * The circuit of one (channel, upstream model), as a function of what happened and when. It watches live traffic
 * alone: a probe of ours would cost money and prove less.
 */
export type CircuitState = 'closed' | 'open' | 'half-open';

export interface Circuit {
  readonly state: CircuitState;
  /** Epoch milliseconds until which an open circuit lets nothing through. */
  readonly until: number;
  /** How long it is opened next time. */
  readonly nextOpenMs: number;
  /** Since when the one call of a half-open circuit is under way; undefined when none is. */
  readonly probingSince: number | undefined;
  readonly slots: readonly Slot[];
}

interface Slot {
  readonly startedAt: number;
  readonly served: number;
  readonly failed: number;
}

const WINDOW_MS = 30_000;
const SLOT_MS = 3_000;
const SAMPLES_MIN = 20;
const FAILED_SHARE_MAX = 0.5;
const OPEN_FIRST_MS = 5_000;
const OPEN_MS_MAX = 60_000;
/** How long everybody waits for what one call finds out; a vendor may say nothing for minutes before it answers. */
const PROBE_MS_MAX = 30_000;

export const closedCircuit: Circuit = {
  state: 'closed',
  until: 0,
  nextOpenMs: OPEN_FIRST_MS,
  probingSince: undefined,
  slots: [],
};

/** Whether a call may pass, and the circuit after it has been let through. */
export function admit(circuit: Circuit, now: number): { readonly admitted: boolean; readonly circuit: Circuit } {
  if (circuit.state === 'closed') return { admitted: true, circuit };
  if (circuit.state === 'open' && now < circuit.until) return { admitted: false, circuit };
  const { probingSince } = circuit;
  if (circuit.state === 'half-open' && probingSince !== undefined && now - probingSince < PROBE_MS_MAX)
    return { admitted: false, circuit };
  return { admitted: true, circuit: { ...circuit, state: 'half-open', probingSince: now } };
}

/**
 * The circuit after a stream has begun: its end may be minutes away, and nobody need wait for it. What a vendor that only
 * begins deserves is opened for longer next time.
 */
export const began = (circuit: Circuit): Circuit =>
  circuit.state === 'half-open' ? { ...closedCircuit, nextOpenMs: circuit.nextOpenMs } : circuit;

/** The circuit after a call has ended. `neither` frees a probe without a verdict: its caller left, say. */
export function observe(circuit: Circuit, result: 'served' | 'failed' | 'neither', now: number): Circuit {
  if (circuit.state === 'open') return circuit;
  if (circuit.state === 'half-open') {
    if (result === 'served') return closedCircuit;
    return result === 'failed' ? open(circuit, now) : { ...circuit, probingSince: undefined };
  }
  if (result === 'neither') return circuit;
  const slots = counted(circuit.slots, result, now);
  let failed = 0;
  let samples = 0;
  for (const slot of slots) {
    failed += slot.failed;
    samples += slot.served + slot.failed;
  }
  if (samples >= SAMPLES_MIN && failed / samples > FAILED_SHARE_MAX) return open(circuit, now);
  return { ...circuit, nextOpenMs: result === 'served' ? OPEN_FIRST_MS : circuit.nextOpenMs, slots };
}

const open = (circuit: Circuit, now: number): Circuit => ({
  state: 'open',
  until: now + circuit.nextOpenMs,
  nextOpenMs: Math.min(2 * circuit.nextOpenMs, OPEN_MS_MAX),
  probingSince: undefined,
  slots: [],
});

function counted(slots: readonly Slot[], result: 'served' | 'failed', now: number): readonly Slot[] {
  const isRecent = ({ startedAt }: Slot): boolean => now - startedAt < WINDOW_MS;
  // They are in order, so none has left the window where the first has not.
  const recent = slots[0] === undefined || isRecent(slots[0]) ? slots : slots.filter(isRecent);
  const last = recent.at(-1);
  const isCurrent = last !== undefined && now - last.startedAt < SLOT_MS;
  const { startedAt, served, failed } = isCurrent ? last : { startedAt: now, served: 0, failed: 0 };
  const added =
    result === 'served' ? { startedAt, served: served + 1, failed } : { startedAt, served, failed: failed + 1 };
  return isCurrent ? recent.with(-1, added) : [...recent, added];
}
