import type { Failure, Frame, Reply, Wire } from '../wire/wire.js';
import type { FaultPlan } from './fault-plan.js';
import { garbleUsage } from './garble-usage.js';

const injectedFailure = (plan: FaultPlan, status: number): Failure => ({
  status,
  reason: 'injected',
  ...(plan.errorType !== undefined && { type: plan.errorType }),
  ...(plan.errorCode !== undefined && { code: plan.errorCode }),
  ...(plan.errorMessage !== undefined && { message: plan.errorMessage }),
  ...(plan.retryAfter !== undefined && { headers: { 'retry-after': plan.retryAfter } }),
});

/** What the answer becomes under a plan, before any byte of it is written: the faults that change what is said. */
export const spoilReply = (
  reply: Reply,
  plan: FaultPlan,
  { wire, requestId }: { wire: Wire; requestId: string },
): Reply => {
  if (plan.status !== undefined) return wire.renderFailure(injectedFailure(plan, plan.status), requestId);
  if (plan.errorBody) return { ...wire.renderFailure(injectedFailure(plan, 500), requestId), status: 200 };
  const headers =
    plan.contentType === undefined ? reply.headers : { ...reply.headers, 'content-type': plan.contentType };
  if (reply.type === 'file') return { ...reply, headers };
  if (reply.type === 'json') {
    const cut =
      plan.malformedAfter === undefined ? reply.body : `${reply.body.slice(0, Math.ceil(reply.body.length / 2))}{"`;
    return { ...reply, headers, body: plan.usage === undefined ? cut : garbleUsage(cut, plan.usage) };
  }
  return { ...reply, headers, frames: spoilFrames(reply.frames, plan, { wire, requestId }) };
};

const spoilFrames = (
  frames: readonly Frame[],
  plan: FaultPlan,
  { wire, requestId }: { wire: Wire; requestId: string },
): readonly Frame[] => {
  let spoilt = frames;
  if (plan.missingTerminator) spoilt = spoilt.filter((frame) => frame.part !== 'terminator');
  const { usage, malformedAfter, streamErrorAfter } = plan;
  if (usage !== undefined) spoilt = spoilt.map((frame) => ({ ...frame, text: garbleUsage(frame.text, usage) }));
  if (malformedAfter !== undefined)
    spoilt = spoilt.map((frame, index) => (index === malformedAfter ? malformed(frame) : frame));
  if (streamErrorAfter !== undefined) {
    const failure = injectedFailure(plan, plan.status ?? 529);
    const sent = spoilt.slice(0, streamErrorAfter);
    spoilt = [...sent, ...wire.renderStreamFailure(failure, requestId, sent)];
  }
  return spoilt;
};

/** Keeps the framing and breaks the JSON inside: the second half of the record is lost. */
const malformed = (frame: Frame): Frame => ({
  ...frame,
  text: `${frame.text.slice(0, Math.ceil(frame.text.length / 2)).trimEnd()}\n\n`,
});
