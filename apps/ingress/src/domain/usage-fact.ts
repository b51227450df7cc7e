import type { Carved, Outcome, Plan, Principal, Surface, UsageFact } from '@bytespike/contracts';

export interface SettledRequest {
  readonly requestId: string;
  readonly principal: Principal;
  readonly protocol: Surface;
  readonly operation: UsageFact['operation'];
  readonly plan: Pick<Plan, 'model'>;
  readonly stream: boolean;
  readonly inputTokensEstimate: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: Outcome;
  /** Whether no output was asked for. */
  readonly outputUnwanted: boolean;
  /** As the hold said; absent when there was none, or nobody knows. */
  readonly carved: Carved | undefined;
}

/** The one fact that settles or voids a request's hold, told of the target that answered. */
export function usageFact(request: SettledRequest): UsageFact {
  const { principal, plan, outcome, outputUnwanted, startedAt, endedAt, carved } = request;
  const { requestId, protocol, operation, stream, inputTokensEstimate } = request;
  const served = answeringAttempt(outcome);
  return {
    requestId,
    accountId: principal.accountId,
    keyId: principal.keyId,
    keyHint: principal.keyHint,
    protocol,
    operation,
    model: served?.model ?? plan.model,
    stream,
    inputTokensEstimate,
    startedAt,
    durationMs: endedAt - startedAt,
    outcome: { ...stated(outcome), ...(outputUnwanted && { outputUnwanted }) },
    ...(principal.organisationId !== undefined && { organisationId: principal.organisationId }),
    ...(principal.memberId !== undefined && { memberId: principal.memberId }),
    ...(served && { priceVersion: served.priceVersion }),
    ...(carved && { carved }),
  };
}

/** Which kind of failure it was is money's business; what the vendor said about it is the caller's alone. */
const stated = (outcome: Outcome): UsageFact['outcome'] =>
  outcome.failure ? { ...outcome, failure: { kind: outcome.failure.kind } } : outcome;

/** Nothing is tried after content has come, so the last attempt is the one that gave it, however it then ended. */
const answeringAttempt = ({ attempts, contentStarted }: Outcome): Outcome['attempts'][number] | undefined =>
  contentStarted ? attempts.at(-1) : attempts.findLast(({ kind }) => kind === undefined);
