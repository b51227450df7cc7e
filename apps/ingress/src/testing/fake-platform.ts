import type { Bus } from '@bytespike/bus';
import { createLocalBus } from '@bytespike/bus/testing';
import {
  account,
  billing,
  generation,
  media,
  payments,
  routing,
  statement,
  storedResponses,
  tasks,
  translation,
  wallet,
  type HandlersFor,
  type Outcome,
  type StreamRequest,
  type StreamSink,
  type StreamHead,
  type CallContext,
  type Target,
  type UsageFact,
} from '@bytespike/contracts';
import { GatewayError, type ProtocolName } from '@bytespike/kernel';
import { PROTOCOL_OWNERS } from '@bytespike/protocols';
import { digestKey } from '@bytespike/secrets';

import { accountHandlers } from './fake-account.js';
import { mediaHandlers } from './fake-media.js';
import { paymentsHandlers, walletHandlers } from './fake-payments.js';
import { statementHandlers } from './fake-statement.js';
import { storedResponseHandlers } from './fake-stored-responses.js';
import { taskHandlers } from './fake-tasks.js';
import { accounting, API_KEY, card, complete, head, hold, PEPPER, plan, principal } from './samples.js';

/** One scripted run of a target: what `generation.run` or `translation.run` does. */
export type Run<Input = unknown> = (
  sink: StreamSink<StreamHead>,
  context: CallContext,
  request: StreamRequest<Input>,
) => Promise<Outcome>;

/** What a test replaces; everything else answers with the samples. */
export interface Script {
  readonly routing?: Partial<HandlersFor<typeof routing>>;
  readonly billing?: Partial<HandlersFor<typeof billing>>;
  readonly account?: Partial<HandlersFor<typeof account>>;
  readonly wallet?: Partial<HandlersFor<typeof wallet>>;
  readonly statement?: Partial<HandlersFor<typeof statement>>;
  readonly storedResponses?: Partial<HandlersFor<typeof storedResponses>>;
  readonly tasks?: Partial<HandlersFor<typeof tasks>>;
  readonly generate?: Run;
  readonly translate?: Run;
  /** What asking for pictures comes to. */
  readonly draw?: HandlersFor<typeof media>['submit'];
}

/** What the other services were asked, in order. */
export interface Heard {
  readonly authenticated: Parameters<HandlersFor<typeof routing>['authenticate']>[0][];
  readonly planned: Parameters<HandlersFor<typeof routing>['plan']>[0][];
  readonly held: Parameters<HandlersFor<typeof billing>['hold']>[0][];
  readonly generated: Parameters<HandlersFor<typeof generation>['run']>[0][];
  readonly translated: Parameters<HandlersFor<typeof translation>['run']>[0][];
  readonly drawn: Parameters<HandlersFor<typeof media>['submit']>[0][];
  readonly facts: UsageFact[];
}

export interface FakePlatform {
  readonly bus: Bus;
  readonly heard: Heard;
}

/** Sends `pieces` as one good answer. */
export const answering =
  (pieces: readonly (string | Uint8Array)[], changes: Partial<StreamHead> = {}): Run =>
  async (sink) => {
    await sink.head({ ...head, ...changes });
    for (const piece of pieces) await sink.data(typeof piece === 'string' ? Buffer.from(piece) : piece);
    return complete;
  };

/** The services around ingress, on a bus of one process, typed by the contracts and scripted by the test. */
export async function createFakePlatform(script: Script = {}): Promise<FakePlatform> {
  const bus = createLocalBus();
  const heard: Heard = {
    authenticated: [],
    planned: [],
    held: [],
    generated: [],
    translated: [],
    drawn: [],
    facts: [],
  };
  await bus.serve(routing, routingHandlers(script, heard));
  await bus.serve(billing, billingHandlers(script, heard));
  await bus.serve(account, { ...accountHandlers(), ...script.account });
  await bus.serve(payments, paymentsHandlers());
  await bus.serve(wallet, { ...walletHandlers(), ...script.wallet });
  await bus.serve(statement, { ...statementHandlers(), ...script.statement });
  await bus.serve(storedResponses, { ...storedResponseHandlers(), ...script.storedResponses });
  await bus.serve(tasks, { ...taskHandlers(), ...script.tasks });
  await bus.serve(generation, {
    run: (request, sink, context) => {
      heard.generated.push(request);
      return (script.generate ?? answering(['{"ok":true}']))(sink, context, request);
    },
  });
  await bus.serve(translation, {
    run: (request, sink, context) => {
      heard.translated.push(request);
      return (script.translate ?? answering(['{"translated":true}']))(sink, context, request);
    },
  });
  await bus.serve(media, mediaHandlers(script.draw, heard.drawn));
  await bus.subscribe(billing.usage, { mode: 'queue', name: 'test' }, async (facts) => void heard.facts.push(...facts));
  return { bus, heard };
}

function routingHandlers(script: Script, heard: Heard): HandlersFor<typeof routing> {
  const handlers: HandlersFor<typeof routing> = {
    authenticate: async ({ keyDigest }) => {
      if (keyDigest === digestKey(API_KEY, PEPPER)) return principal;
      throw new GatewayError('unauthenticated', 'This API key is not valid.');
    },
    plan: async () => plan,
    planMedia: async () => {
      throw new GatewayError('model-not-found', 'There is no such model here.');
    },
    listModels: async () => ({ models: [card] }),
    readModel: async () => ({ model: card }),
    nameModel: async ({ name }) => (name === 'model-alias' ? { id: card.id } : {}),
    ...script.routing,
  };
  return {
    ...handlers,
    authenticate: (input, context) => {
      heard.authenticated.push(input);
      return handlers.authenticate(input, context);
    },
    plan: async (input, context) => {
      heard.planned.push(input);
      const made = await handlers.plan(input, context);
      return { ...made, targets: made.targets.map((target) => ownersOf(input.protocol, target)) };
    },
  };
}

/** A raw target speaks the caller's protocol, and here it is always the one who owns it. */
const ownersOf = (protocol: ProtocolName, target: Target): Target =>
  target.lane === 'raw' ? { ...target, protocol, vendor: PROTOCOL_OWNERS[protocol] } : target;

function billingHandlers(script: Script, heard: Heard): HandlersFor<typeof billing> {
  const handlers: HandlersFor<typeof billing> = {
    hold: async () => hold,
    quote: async () => ({ amount: hold.amount, basis: hold.basis }),
    extend: async ({ modelMaxOutputTokens }) => ({ ...hold, maxOutputTokens: modelMaxOutputTokens }),
    heartbeat: async () => ({ nextMs: 10_000 }),
    unended: async () => ({ requestIds: [] }),
    accounting: async () => accounting,
    balance: async () => ({ available: 42_180_000_000n, held: 120_000_000n }),
    credit: async () => ({ available: 0n }),
    listUsage: async () => ({ rows: [] }),
    ...script.billing,
  };
  return {
    ...handlers,
    hold: (input, context) => {
      heard.held.push(input);
      return handlers.hold(input, context);
    },
  };
}
