import { faultsAtStep, faultsInPrompt, splitModel } from '../faults/fault-marks.js';
import { parseFaults } from '../faults/fault-plan.js';
import type { RenderOrders } from '../faults/render-orders.js';
import type { Step, Subject } from '../wire/subject.js';

/** Which API a render was ordered by. */
export type RenderWire =
  'openai-videos' | 'openai-images' | 'veo' | 'interactions' | 'gemini-images' | 'seedance' | 'seedream';

/** What a vendor was asked to draw or film, once it has taken the order. */
export interface RenderOrder {
  readonly id: string;
  readonly wire: RenderWire;
  readonly key: string;
  /** As the caller wrote it. */
  readonly model: string;
  readonly prompt: string;
  /** What the wire itself wants to remember of the request. */
  readonly asked: object;
}

/** An order and how far the vendor has got with it. */
export interface Render extends RenderOrder {
  readonly orders: RenderOrders;
  readonly createdMs: number;
  state: 'queued' | 'running' | 'ended' | 'cancelled';
  startedMs: number | undefined;
  endedMs: number | undefined;
  /** How often it was looked at, and how often what came of it was fetched. */
  polls: number;
  fetches: number;
}

/** An order at the moment it is taken. */
export const queued = (order: RenderOrder, nowMs: number): Render => ({
  ...order,
  orders: ordersIn(order),
  createdMs: nowMs,
  state: 'queued',
  startedMs: undefined,
  endedMs: undefined,
  polls: 0,
  fetches: 0,
});

/** What the caller ordered to become of a render, in the prompt or behind the model's name. */
export const ordersIn = ({ model, prompt }: Subject): RenderOrders => {
  const asked = [splitModel(model).faults, faultsInPrompt(prompt)].filter((text) => text !== undefined);
  return asked.length === 0 ? {} : parseFaults(asked.join(';'));
};

/** What faults are looked up by at a later call: those the prompt ordered for that step, counted for this render alone. */
export const subjectAt = ({ id, model, prompt }: RenderOrder, step: Step): Subject => {
  const faults = faultsAtStep(prompt, step);
  const mark = faults === undefined ? '' : `[[fault:${faults}]]`;
  return { model: splitModel(model).name, prompt: `${id} ${step} ${mark}` };
};

/** What faults are looked up by where many are looked at together: the marks of the first of them that has any. */
export const subjectOfList = (renders: readonly Render[]): Subject => {
  const marked = renders.find(({ prompt }) => faultsAtStep(prompt, 'list') !== undefined);
  return marked === undefined ? { model: '', prompt: '' } : subjectAt(marked, 'list');
};

const NEARLY = 99;

/** How much is done, in whole percent. */
export const progressOf = (render: Render, nowMs: number): number => {
  if (render.state === 'ended') return 100;
  if (render.startedMs === undefined) return 0;
  const part = (nowMs - render.startedMs) / Math.max(1, renderMsOf(render.orders));
  return Math.min(NEARLY, Math.max(0, Math.floor(part * 100)));
};

const RENDER_MS_USUAL = 1_200;
const QUEUE_MS_USUAL = 200;

/** How long the vendor works at it; what a gate holds back needs no time besides. */
export const renderMsOf = ({ renderMs, renderHold }: RenderOrders): number =>
  renderMs ?? (renderHold === undefined ? RENDER_MS_USUAL : 0);

/** How long it waits before that: no longer than it then takes, unless a time was ordered for the queue itself. */
export const queueMsOf = (orders: RenderOrders): number =>
  orders.queueMs ?? Math.min(orders.queueHold === undefined ? QUEUE_MS_USUAL : 0, renderMsOf(orders));
