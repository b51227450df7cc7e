import type { billing, ClientFor, Hold, HoldRequest, Outcome, Plan, Principal, StreamHead } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { requestFeatures, streamFormOf } from '@bytespike/protocols';
import { reached } from '@bytespike/service';
import { metrics, type Logger } from '@bytespike/telemetry';

import { askHold } from './ask-hold.js';
import { authenticate, type AuthenticationPorts } from './authenticate.js';
import type { Concurrency, Place } from './concurrency/concurrency.js';
import { accountingHeaders, holdHeaders } from './domain/accounting-headers.js';
import { holdRequest, type HeldFor } from './domain/hold-request.js';
import { holdsCapsule } from './domain/holds-capsule.js';
import { inputTokensEstimate } from './domain/input-estimate.js';
import { cutOutcome, failureOf, finalOutcome, neverRan } from './domain/request-outcome.js';
import { assertOurState } from './domain/gateway-state.js';
import { verbatimFor } from './domain/verbatim.js';
import { usageFact } from './domain/usage-fact.js';
import { expandCall, type ExpansionPorts } from './expand-call.js';
import type { GenerationCall } from './generation-call.js';
import { contentHeaders } from './http/answer-headers.js';
import { abortReason, type Exchange } from './http/exchange.js';
import type { OpenExchanges } from './http/open-exchanges.js';
import { openStreamAnswer } from './http/stream-answer.js';
import type { Timings } from './http/timings.js';
import { openWholeAnswer } from './http/whole-answer.js';
import { answerOnce, type AnswerOncePorts } from './idempotency/answer-once.js';
import { readIdempotencyKey } from './idempotency/idempotency-key.js';
import { repeatableCall } from './idempotency/repeatable-request.js';
import type { Keeping } from './idempotency/run-claimed.js';
import { resultOf, type RequestEnd } from './observe.js';
import type { BudgetPorts } from './output-budget.js';
import { readCall, type CallPorts, type GenerationRoute } from './read-call.js';
import { rememberingAnswer, type RememberPorts } from './remember-response.js';
import type { RecentPlans } from './recent-plans.js';
import type { UsageReporter } from './report-usage.js';
import { walkTargets, type TargetPorts } from './walk-targets.js';
import { hasStartedShort, watchedAnswer } from './watch-output.js';

export interface GenerationPorts
  extends AuthenticationPorts, CallPorts, TargetPorts, ExpansionPorts, RememberPorts, AnswerOncePorts {
  readonly plans: RecentPlans;
  readonly storedResponses: ExpansionPorts['storedResponses'] & RememberPorts['storedResponses'];
  readonly billing: Pick<ClientFor<typeof billing>, 'hold' | 'extend' | 'accounting'>;
  readonly usage: UsageReporter;
  readonly timings: Timings;
  readonly exchanges: OpenExchanges;
  readonly logger: Logger;
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
  const clientKey = readIdempotencyKey(exchange.request.headers);
  const asked = await readCall(exchange, route, principal, ports);
  assertOurState(asked.peeked, route.protocol);
  const serve = (keeping?: Keeping) => serveInPlace(exchange, { route, principal, asked, keeping }, ports);
  // Two requests without a name may both be meant, however equal they are.
  if (clientKey === undefined) return serve();
  return answerOnce(exchange, repeatableCall(exchange, asked, { clientKey, model: route.model }), ports, serve);
}

interface Asked {
  readonly route: GenerationRoute;
  readonly principal: Principal;
  readonly asked: GenerationCall;
  /** Given when the answer is kept for repeats. */
  readonly keeping: Keeping | undefined;
}

function serveInPlace(exchange: Exchange, call: Asked, ports: GenerationPorts): Promise<RequestEnd> {
  const { principal, asked } = call;
  // What is free counts nowhere (contract 0.1). The others are asked about beside the plan.
  const place = asked.operation === 'generate' ? ports.concurrency.ask(principal, exchange.requestId) : undefined;
  const served = serveCall(exchange, call, place, ports);
  return place ? served.finally(() => place.leave()) : served;
}

async function serveCall(
  exchange: Exchange,
  { route, principal, asked, keeping }: Asked,
  place: Place | undefined,
  ports: GenerationPorts,
): Promise<RequestEnd> {
  const call = asked.peeked.usesState ? await expandCall(asked, exchange, ports) : asked;
  const plan = await planFor(exchange, call, route, principal, ports);
  const refusal = place && (await place.refusal);
  if (refusal) throw refusal;
  const heldFor = { principal, call, plan };
  const request = holdRequest(heldFor, ports.usage.id);
  const hold = await askHold(request, call.context, ports, (error) =>
    settle(exchange, heldFor, undefined, neverRan(error), ports),
  );
  exchange.accounting = accountingHeaders(hold.accounting, principal, Date.now());
  let answered: Answered;
  try {
    answered = await answerFromTargets(exchange, { call, plan, request, keeping, hold }, ports);
  } catch (thrown) {
    // The hold stands and nothing ran: this voids it.
    settle(exchange, heldFor, hold, neverRan(GatewayError.from(thrown)), ports);
    throw thrown;
  }
  const { outcome, model } = answered;
  settle(exchange, heldFor, hold, outcome, ports);
  return { result: resultOf(outcome), model, stream: call.stream, operation: call.operation };
}

interface Admitted extends Pick<HeldFor, 'call' | 'plan'> {
  readonly request: HoldRequest;
  readonly keeping: Keeping | undefined;
  readonly hold: Hold;
}

interface Answered {
  readonly outcome: Outcome;
  /** A catalogue id. */
  readonly model: string;
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

async function answerFromTargets(
  exchange: Exchange,
  { call, plan, request, keeping, hold }: Admitted,
  ports: TargetPorts & RememberPorts & BudgetPorts & Pick<GenerationPorts, 'timings'>,
): Promise<Answered> {
  const left = abortReason(exchange);
  if (left) throw left;
  const { abort } = exchange;
  const { protocol, query, context } = call;
  const open = call.stream ? openStreamAnswer : openWholeAnswer;
  const headersOf = (head: StreamHead) => contentHeaders(head, plan, call.warnings);
  const sent = open(exchange, {
    headers: (exchange.accounting ?? []).concat(holdHeaders(hold)),
    contentHeaders: headersOf,
    timings: ports.timings,
  });
  const opened = keeping?.recording(sent, headersOf) ?? sent;
  const watched = hasStartedShort(hold, request)
    ? watchedAnswer(
        { ...{ request, hold, abort, protocol, context }, form: streamFormOf(protocol, query) },
        opened,
        ports,
      )
    : undefined;
  const answer = rememberingAnswer(call, watched ?? opened, ports);
  metrics.overheadSeconds.observe({ protocol }, (performance.now() - exchange.startedMark) / 1_000);
  const walk = await walkTargets(call, plan, answer, ports);
  const cut = watched?.cut();
  const outcome = cut ? cutOutcome(walk.outcome, cut) : finalOutcome(walk.outcome, answer, abortReason(exchange));
  reached('ingress.answer.ended');
  if (outcome.ending === 'complete') await answer.complete();
  else answer.fail(failureOf(outcome), verbatimFor(protocol, walk));
  return { outcome, model: walk.target.model };
}

function settle(
  exchange: Exchange,
  { principal, call, plan }: HeldFor,
  hold: Pick<Hold, 'carved'> | undefined,
  outcome: Outcome,
  { usage }: Pick<GenerationPorts, 'usage'>,
): void {
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
      inputTokensEstimate: inputTokensEstimate(call, outcome),
      startedAt,
      endedAt,
      outcome,
      outputUnwanted: call.peeked.outputUnwanted,
      carved: hold?.carved,
    }),
  );
}
