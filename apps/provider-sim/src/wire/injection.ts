import type { Injection } from '../faults/fault-desk.js';
import { parseFaults } from '../faults/fault-plan.js';
import { isOrder } from '../faults/render-orders.js';
import { UnknownFault } from '../faults/unknown-fault.js';
import type { Step } from './subject.js';

const STEPS: readonly Step[] = ['create', 'poll', 'list', 'cancel', 'asset'];

/** Reads what a test wants to go wrong; a misspelt fault is told at once, not when it fails to strike. */
export const injectionOf = (body: Readonly<Record<string, unknown>>, nowMs: number): Injection => {
  const fault = String(body.fault ?? '');
  const orders = Object.keys(parseFaults(fault)).filter(isOrder);
  // Only a prompt can order what becomes of a render, because only that one render is meant.
  if (orders.length > 0) throw new UnknownFault(`${orders.join(', ')}: order that in the prompt`);
  return {
    fault,
    times: typeof body.times === 'number' ? body.times : 1,
    ...(typeof body.vendor === 'string' && { vendor: body.vendor }),
    ...(typeof body.model === 'string' && { model: body.model }),
    ...(typeof body.key === 'string' && { key: body.key }),
    ...(body.on !== undefined && { on: stepOf(body.on) }),
    ...(typeof body.forMs === 'number' && { untilMs: nowMs + body.forMs }),
  };
};

const stepOf = (value: unknown): Step => {
  const step = STEPS.find((known) => known === value);
  if (step === undefined) throw new UnknownFault(`"on" can be ${STEPS.join(', ')}, not ${JSON.stringify(value)}`);
  return step;
};
