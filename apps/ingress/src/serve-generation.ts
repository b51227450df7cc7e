import type { billing, ClientFor, Hold, Outcome, Plan, Principal } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { requestFeatures, type PeekedBody } from '@bytespike/protocols';
import { metrics } from '@bytespike/telemetry';

import { authenticate, type AuthenticationPorts } from './authenticate.js';
import type { Concurrency, Place } from './concurrency/concurrency.js';
import { accountingHeaders, holdHeaders } from './domain/accounting-headers.js';
import { capsFor } from './domain/caps-for.js';
import { holdsCapsule } from './domain/holds-capsule.js';
import { inputTokensUpperBound } from './domain/input-estimate.js';
import { failureOf, finalOutcome, neverRan } from './domain/request-outcome.js';
import { assertOurState } from './domain/gateway-state.js';
import { verbatimFor } from './domain/verbatim.js';
import { usageFact } from './domain/usage-fact.js';
import { expandCall, type ExpansionPorts } from './expand-call.js';
import type { GenerationCall } from './generation-call.js';
import { contentHeaders } from './http/answer-headers.js';
import { abortReason, type Exchange } from './http/exchange.js';
import { openStreamAnswer } from './http/stream-answer.js';
import { openWholeAnswer } from './http/whole-answer.js';
import { resultOf, type RequestEnd } from './observe.js';
import { readCall, type CallPorts, type GenerationRoute } from './read-call.js';
import { rememberingAnswer, type RememberPorts } from './remember-response.js';
import type { RecentPlans } from './recent-plans.js';
import type { UsageReporter } from './report-usage.js';
import { walkTargets, type TargetPorts } from './walk-targets.js';

export interface GenerationPorts extends AuthenticationPorts, CallPorts, TargetPorts, ExpansionPorts, RememberPorts {
  readonly plans: RecentPlans;
  readonly storedResponses: ExpansionPorts['storedResponses'] & RememberPorts['storedResponses'];
  readonly billing: Pick<ClientFor<typeof billing>, 'hold'>;
  readonly usage: UsageReporter;
  readonly concurrency: Pick<Concurrency, 'ask'>;
}

/** The path of one request (architecture, section 3), in its order. What throws before a hold is answered by the rim. */
export async function serveGeneration(
  exchange: Exchange,
  route: GenerationRoute,
  ports: GenerationPorts,
): Promise<RequestEnd> {
  ports.usage.assertRoom();
  const principal = await authenticate(exchange, ports);
  const asked = await readCall(exchange, route, principal, ports);
  assertOurState(asked.peeked);
  // What is free counts nowhere (contract 0.1). The others are asked about beside the plan.
  const place = asked.operation === 'generate' ? ports.concurrency.ask(principal, exchange.requestId) : undefined;
  try {
    return await serveCall(exchange, { route, principal, asked, place }, ports);
  } finally {
    place?.leave();
  }
}

interface Asked {
  readonly route: GenerationRoute;
  readonly principal: Principal;
  readonly asked: GenerationCall;
  readonly place: Place | undefined;
}

async function serveCall(
  exchange: Exchange,
  { route, principal, asked, place }: Asked,
  ports: GenerationPorts,
): Promise<RequestEnd> {
  const call = await expandCall(asked, exchange, ports);
  const plan = await planFor(exchange, call, route, principal, ports);
  const refusal = await place?.refusal;
  if (refusal) throw refusal;
  const admitted = { principal, call, plan, inputTokensEstimate: estimateInput(call) };
  const hold = await holdFor(exchange, admitted, ports);
  exchange.accounting = accountingHeaders(hold.accounting, principal, Date.now());
  const held = { ...admitted, carved: hold.carved };
  const { outcome, model } = await answerFromTargets(exchange, admitted, hold, ports).catch((thrown: unknown) => {
    // The hold stands and nothing ran: this voids it.
    settle(exchange, held, neverRan(GatewayError.from(thrown)), ports);
    throw thrown;
  });
  settle(exchange, held, outcome, ports);
  return { result: resultOf(outcome), model, stream: call.stream, operation: call.operation };
}

interface Admitted {
  readonly principal: Principal;
  readonly call: GenerationCall;
  readonly plan: Plan;
  readonly inputTokensEstimate: number;
}

function planFor(
  exchange: Exchange,
  call: GenerationCall,
  route: GenerationRoute,
  { groupId }: Principal,
  { plans }: Pick<GenerationPorts, 'plans'>,
): Promise<Plan> | Plan {
  const { peeked, protocol, operation, stream, body } = call;
  const model = route.model ?? peeked.model?.value;
  if (model === undefined || model === '')
    throw new GatewayError('invalid-request', 'model: a model is required', { details: { param: 'model' } });
  const features = requestFeatures(peeked, { stream, capsule: holdsCapsule(body) });
  return plans.find({ groupId, protocol, operation, model, features }, exchange.context);
}

const estimateInput = ({ peeked }: GenerationCall): number => inputTokensUpperBound(peeked.input);

async function holdFor(exchange: Exchange, admitted: Admitted, ports: GenerationPorts): Promise<Hold> {
  const { principal, call, plan, inputTokensEstimate } = admitted;
  const { requestId, operation, stream, context } = call;
  const maxOutputTokens = operation === 'count' ? 0 : maxOutput(call.peeked, plan);
  try {
    return await ports.billing.hold(
      {
        requestId,
        accountId: principal.accountId,
        keyId: principal.keyId,
        operation,
        model: plan.model,
        ...(principal.memberId !== undefined && { memberId: principal.memberId }),
        caps: capsFor(principal, plan.model),
        reporter: ports.usage.id,
        priceVersions: [...new Set(plan.targets.map(({ priceVersion }) => priceVersion))],
        inputTokensUpperBound: inputTokensEstimate,
        ...(maxOutputTokens !== undefined && { maxOutputTokens }),
        modelMaxOutputTokens: plan.maxOutputTokens,
        stream,
        deadline: context.deadline,
      },
      // A client that leaves now must not leave us wondering whether the hold exists.
      { ...context, signal: NEVER },
    );
  } catch (thrown) {
    const error = GatewayError.from(thrown);
    // A refusal made no hold. Silence may have made one, and the fact that nothing ran voids it.
    if (error.traits.fault !== 'client') settle(exchange, admitted, neverRan(error), ports);
    throw error;
  }
}

const NEVER = new AbortController().signal;

/** Every alternative answer may be as long as the caller allows. Undefined when the model's own limit decides. */
function maxOutput({ maxOutput: asked, choices }: PeekedBody, { maxOutputTokens }: Plan): number | undefined {
  if (asked === undefined) return choices > 1 ? maxOutputTokens * choices : undefined;
  return asked * choices;
}

async function answerFromTargets(
  exchange: Exchange,
  { call, plan }: Admitted,
  hold: Hold,
  ports: TargetPorts & RememberPorts & Pick<GenerationPorts, 'timings'>,
): Promise<{ readonly outcome: Outcome; readonly model: string }> {
  const left = abortReason(exchange);
  if (left) throw left;
  const open = call.stream ? openStreamAnswer : openWholeAnswer;
  const opened = open(exchange, {
    headers: [...(exchange.accounting ?? []), ...holdHeaders(hold)],
    contentHeaders: (head) => contentHeaders({ ...head, warnings: [...call.warnings, ...head.warnings] }, plan),
    timings: ports.timings,
  });
  const answer = rememberingAnswer(call, opened, ports);
  metrics.overheadSeconds.observe({ protocol: call.protocol }, (performance.now() - exchange.startedMark) / 1_000);
  const walk = await walkTargets(call, plan, answer, ports);
  const outcome = finalOutcome(walk.outcome, answer, abortReason(exchange));
  if (outcome.ending === 'complete') await answer.complete();
  else answer.fail(failureOf(outcome), verbatimFor(call.protocol, walk));
  return { outcome, model: walk.target.model };
}

function settle(
  exchange: Exchange,
  admitted: Admitted & { readonly carved?: Hold['carved'] },
  outcome: Outcome,
  { usage }: Pick<GenerationPorts, 'usage'>,
): void {
  const { principal, call, plan, inputTokensEstimate, carved } = admitted;
  const { requestId, protocol, operation, stream } = call;
  const { startedAt } = exchange;
  const endedAt = Date.now();
  usage.report(
    usageFact({
      requestId,
      principal,
      protocol,
      operation,
      plan,
      stream,
      inputTokensEstimate,
      startedAt,
      endedAt,
      outcome,
      carved,
    }),
  );
}
