import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { idFrom } from '../brain/digest.js';
import type { Gates } from '../faults/gates.js';
import type { Render, RenderOrder, RenderWire } from './render.js';
import { queued, queueMsOf, renderMsOf } from './render.js';

/** Everything the vendors were asked to draw or film, and the passing of time over it. */
export interface Renders {
  /** A name that no other render has, however alike the calls are. */
  nextName(material: string): string;
  /** Takes an order and works at it; `moved` hears of every change until it has ended. */
  begin(order: RenderOrder, moved?: (render: Render) => void): Render;
  /** Takes an order that its own answer fulfils. */
  fulfil(order: RenderOrder): void;
  find(wire: RenderWire, id: string): Render | undefined;
  /** In the order they were taken. */
  all(wire: RenderWire): readonly Render[];
  everything(): readonly Render[];
  cancel(render: Render): void;
  forget(render: Render): void;
  clear(): void;
  /** How often an order with these words was taken. */
  timesTaken(order: RenderOrder): number;
  summary(): RenderSummary;
}

export interface RenderSummary {
  /** Orders taken, by the API they came by. */
  readonly taken: Readonly<Record<string, number>>;
  readonly open: number;
  /** Orders whose very words had been taken before: what a gateway submits twice shows here. */
  readonly takenAgain: number;
}

const RENDERS_MAX = 20_000;
const COUNTED_MAX = 100_000;

export const createRenders = ({ gates, now }: { gates: Gates; now: () => number }): Renders => {
  const renders = new Map<string, Render>();
  const times = new LRUCache<string, number>({ max: COUNTED_MAX });
  const taken: Record<string, number> = {};
  const stops = new WeakMap<Render, AbortController>();
  let takenAgain = 0;
  let named = 0;

  // Whoever's key it was: a gateway that tries again with another has submitted twice as well.
  const wordsOf = ({ wire, prompt }: RenderOrder): string => idFrom(`${wire} ${prompt}`);
  const placeOf = (wire: RenderWire, id: string): string => `${wire} ${id}`;

  const take = (order: RenderOrder): Render => {
    const before = times.get(wordsOf(order)) ?? 0;
    times.set(wordsOf(order), before + 1);
    if (before > 0) takenAgain += 1;
    taken[order.wire] = (taken[order.wire] ?? 0) + 1;
    const render = queued(order, now());
    renders.set(placeOf(order.wire, order.id), render);
    for (const oldest of renders.keys()) {
      if (renders.size <= RENDERS_MAX) break;
      renders.delete(oldest);
    }
    return render;
  };

  const move = (render: Render, state: Render['state']): void => {
    render.state = state;
    if (state === 'running') render.startedMs = now();
    else render.endedMs = now();
  };

  return {
    nextName: (material) => idFrom(`${material} ${(named += 1)}`),
    begin: (order, moved) => {
      const render = take(order);
      const stop = new AbortController();
      stops.set(render, stop);
      void work(render, { gates, stop: stop.signal, move, moved });
      return render;
    },
    fulfil: (order) => move(take(order), 'ended'),
    find: (wire, id) => renders.get(placeOf(wire, id)),
    all: (wire) => Array.from(renders.values()).filter((render) => render.wire === wire),
    everything: () => Array.from(renders.values()),
    cancel: (render) => {
      move(render, 'cancelled');
      stops.get(render)?.abort();
    },
    forget: (render) => {
      stops.get(render)?.abort();
      renders.delete(placeOf(render.wire, render.id));
    },
    clear: () => {
      for (const render of renders.values()) stops.get(render)?.abort();
      renders.clear();
      times.clear();
      for (const wire of Object.keys(taken)) delete taken[wire];
      takenAgain = 0;
    },
    timesTaken: (order) => times.get(wordsOf(order)) ?? 0,
    summary: () => ({
      taken: { ...taken },
      open: Array.from(renders.values()).filter(isOpen).length,
      takenAgain,
    }),
  };
};

const isOpen = ({ state }: Render): boolean => state === 'queued' || state === 'running';

interface Work {
  readonly gates: Gates;
  readonly stop: AbortSignal;
  readonly move: (render: Render, state: Render['state']) => void;
  readonly moved: ((render: Render) => void) | undefined;
}

/** Queues, renders and ends, each in its time or when its gate opens, unless somebody calls it off. */
const work = async (render: Render, { gates, stop, move, moved }: Work): Promise<void> => {
  const { queueHold, renderHold } = render.orders;
  await passing(queueMsOf(render.orders), stop);
  if (queueHold !== undefined && !stop.aborted) await gates.wait(queueHold, stop);
  if (stop.aborted) return;
  move(render, 'running');
  moved?.(render);
  await passing(renderMsOf(render.orders), stop);
  if (renderHold !== undefined && !stop.aborted) await gates.wait(renderHold, stop);
  if (stop.aborted) return;
  move(render, 'ended');
  moved?.(render);
};

/** Time passes without keeping the process alive; it stops passing when the work is called off. */
const passing = async (ms: number, stop: AbortSignal): Promise<void> => {
  try {
    if (ms > 0) await delay(ms, undefined, { signal: stop, ref: false });
  } catch (error) {
    if (!stop.aborted) throw error;
  }
};
