import type { HoldRequest, Plan, Principal } from '@bytespike/contracts';
import { keepsZeroOutput, type PeekedBody } from '@bytespike/protocols';

import type { GenerationCall } from '../generation-call.js';
import { capsFor } from './caps-for.js';
import { inputTokensUpperBound } from './input-estimate.js';
import { searchesHeld } from './searches-held.js';

export interface HeldFor {
  readonly principal: Principal;
  readonly call: GenerationCall;
  readonly plan: Plan;
}

/** What a request may cost at most, as the ledger is asked to hold it. */
export function holdRequest({ principal, call, plan }: HeldFor, reporter: string): HoldRequest {
  const { requestId, operation, peeked, context } = call;
  const maxOutputTokens = operation === 'count' ? 0 : maxOutput(peeked, plan);
  const searchCalls = searchesHeld(peeked.searches, plan);
  return {
    requestId,
    accountId: principal.accountId,
    keyId: principal.keyId,
    operation,
    model: plan.model,
    caps: capsFor(principal, plan.model),
    reporter,
    priceVersions: priceVersionsOf(plan),
    inputTokensUpperBound: inputTokensUpperBound(peeked.input),
    modelMaxOutputTokens: plan.maxOutputTokens,
    stream: call.stream,
    deadline: context.deadline,
    ...(principal.memberId !== undefined && { memberId: principal.memberId }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(searchCalls > 0 && { searchCalls }),
    ...(peeked.choices > 1 && { choices: peeked.choices }),
  };
}

function priceVersionsOf({ targets }: Pick<Plan, 'targets'>): string[] {
  const versions: string[] = [];
  for (const { priceVersion } of targets) if (!versions.includes(priceVersion)) versions.push(priceVersion);
  return versions;
}

/** The output a hold was asked to pay for. */
export const wantedOutput = ({ maxOutputTokens, modelMaxOutputTokens }: HoldRequest): number =>
  maxOutputTokens ?? modelMaxOutputTokens;

/** Every alternative answer may be as long as the caller allows. Undefined when the model's own limit decides. */
function maxOutput({ maxOutput: asked, choices }: PeekedBody, plan: Plan): number | undefined {
  const limit = asked === 0 && !plan.targets.every(keepsZeroOutput) ? undefined : asked;
  if (limit === undefined) return choices > 1 ? plan.maxOutputTokens * choices : undefined;
  return limit * choices;
}
