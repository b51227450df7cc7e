import { TransientSet } from '@bytespike/kernel';

/** One side of a stream, as far as being alive goes. */
export interface Pulse {
  /** Set by whatever comes from the peer, cleared by the tick. */
  heard: boolean;
  /** Ticks since the peer was last heard. */
  quietTicks: number;
  /** Says that we are alive, unless something else has said so since the last tick. */
  beat(): void;
  /** The peer has been quiet for the whole idle time. */
  silent(): void;
}

const TICKS_PER_IDLE_TIME = 4;

/**
 * Heartbeats of all streams of one process: one timer per idle time, however many streams. Ticks are counted rather
 * than clocks compared, so that a stall of our own event loop is not taken for the peer's death.
 */
export class Heartbeats {
  private readonly groups = new Map<number, { readonly timer: NodeJS.Timeout; readonly pulses: TransientSet<Pulse> }>();

  /** Watches a pulse until the returned function is called. */
  watch(idleTimeoutMs: number, pulse: Pulse): () => void {
    const group = this.groups.get(idleTimeoutMs) ?? this.start(idleTimeoutMs);
    group.pulses.add(pulse);
    return () => {
      group.pulses.delete(pulse);
      if (group.pulses.size > 0 || this.groups.get(idleTimeoutMs) !== group) return;
      clearInterval(group.timer);
      this.groups.delete(idleTimeoutMs);
    };
  }

  private start(idleTimeoutMs: number) {
    const pulses = new TransientSet<Pulse>();
    const timer = setInterval(() => tick(pulses), Math.ceil(idleTimeoutMs / TICKS_PER_IDLE_TIME));
    const group = { timer, pulses };
    this.groups.set(idleTimeoutMs, group);
    return group;
  }
}

function tick(pulses: TransientSet<Pulse>): void {
  for (const pulse of pulses) {
    pulse.quietTicks = pulse.heard ? 0 : pulse.quietTicks + 1;
    pulse.heard = false;
    if (pulse.quietTicks >= TICKS_PER_IDLE_TIME) pulse.silent();
    else pulse.beat();
  }
}
