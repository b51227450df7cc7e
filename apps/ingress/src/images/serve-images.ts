import type { Readable } from 'node:stream';

import type {
  AskedImage,
  billing,
  ClientFor,
  Hold,
  MediaPlan,
  Outcome,
  Principal,
  routing,
} from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { findImageModel, fitImage, type ImageModel, type ImageRequest } from '@bytespike/media';
import { metrics } from '@bytespike/telemetry';

import { askHold } from '../ask-hold.js';
import { askedImage } from '../assets/asked-media.js';
import { createInputKeeper, type InputKeeper, type InputPorts } from '../assets/input-keeper.js';
import { authenticate, type AuthenticationPorts } from '../authenticate.js';
import type { Concurrency, Place } from '../concurrency/concurrency.js';
import { accountingHeaders, holdHeaders } from '../domain/accounting-headers.js';
import { pictureHold } from '../domain/picture-hold.js';
import type { Places } from '../domain/places.js';
import { neverRan } from '../domain/request-outcome.js';
import { usageFact } from '../domain/usage-fact.js';
import { abortReason, type Exchange } from '../http/exchange.js';
import { answerOnce, type AnswerOncePorts } from '../idempotency/answer-once.js';
import { readIdempotencyKey } from '../idempotency/idempotency-key.js';
import type { Keeping } from '../idempotency/run-claimed.js';
import { resultOf, type RequestEnd } from '../observe.js';
import type { UsageReporter } from '../report-usage.js';
import { drawPictures, type DrawPorts } from './draw-pictures.js';
import { keepUpload } from './keep-upload.js';
import { createLeftovers, type LeftoverPorts, type Leftovers } from './leftovers.js';
import { isForm } from './read-form.js';
import { readPictures, type ImagesRoute, type PicturesWish, type ReadPorts } from './read-pictures.js';

export interface ImagesPorts
  extends AuthenticationPorts, AnswerOncePorts, ReadPorts, InputPorts, DrawPorts, LeftoverPorts {
  readonly assets: InputPorts['assets'] & DrawPorts['assets'];
  readonly logger: LeftoverPorts['logger'] & AnswerOncePorts['logger'];
  readonly exchanges: ReadPorts['exchanges'] & AnswerOncePorts['exchanges'];
  readonly timings: DrawPorts['timings'];
  readonly routing: Pick<ClientFor<typeof routing>, 'planMedia'>;
  readonly billing: Pick<ClientFor<typeof billing>, 'hold' | 'accounting'>;
  readonly usage: UsageReporter;
  readonly concurrency: Pick<Concurrency, 'ask'>;
  readonly forms: Places;
}

/**
 * The path of one request for pictures: as that of text (`serveGeneration`), but that its inputs lie in the object store
 * while it runs, and that it is judged against its model before anything is held.
 */
export async function serveImages(exchange: Exchange, route: ImagesRoute, ports: ImagesPorts): Promise<RequestEnd> {
  ports.usage.assertRoom();
  const principal = await authenticate(exchange, ports);
  const clientKey = readIdempotencyKey(exchange.request.headers);
  const leaveForm = isForm(exchange.request) ? ports.forms.take(principal.accountId) : undefined;
  const leftovers = createLeftovers(exchange.requestId, ports);
  try {
    const keep = (file: Readable, name: string) => keepUpload(file, name, { assets: ports.assets, leftovers });
    const wish = await readPictures(exchange, route, keep, ports);
    const left = abortReason(exchange);
    if (left) throw left;
    const stream = wish.wish.stream === true;
    const serve = (keeping?: Keeping) => serveInPlace(exchange, { route, principal, wish, keeping, leftovers }, ports);
    if (clientKey === undefined) return await serve();
    const named = { clientKey, keyId: principal.keyId, route: `images ${route}`, settings: [], stream };
    const repeatable = { ...named, body: wish.identity, operation: 'generate' as const };
    return await answerOnce(exchange, repeatable, ports, serve);
  } finally {
    await leftovers.discard();
    leaveForm?.();
  }
}

interface Asked {
  readonly route: ImagesRoute;
  readonly principal: Principal;
  readonly wish: PicturesWish;
  /** Given when the answer is kept for repeats. */
  readonly keeping: Keeping | undefined;
  readonly leftovers: Leftovers;
}

async function serveInPlace(exchange: Exchange, asked: Asked, ports: ImagesPorts): Promise<RequestEnd> {
  const place = ports.concurrency.ask(asked.principal, exchange.requestId);
  const inputs = createInputKeeper(ports);
  try {
    return await serveWish(exchange, { ...asked, place, inputs }, ports);
  } finally {
    place?.leave();
    await inputs.discard();
  }
}

async function serveWish(
  exchange: Exchange,
  asked: Asked & { readonly place: Place | undefined; readonly inputs: InputKeeper },
  ports: ImagesPorts,
): Promise<RequestEnd> {
  const { principal, wish, place, inputs } = asked;
  const { requestId, context } = exchange;
  const { groupId } = principal;
  const plan = await ports.routing.planMedia({ groupId, model: wish.model, kinds: ['image'] }, context);
  const request = fitImage(wish, describedModel(plan));
  const refusal = await place?.refusal;
  if (refusal) throw refusal;
  const kept = await askedImage(request, wish, inputs);
  const { deadline } = context;
  const held = pictureHold({ requestId, principal, plan, request, reporter: ports.usage.id, deadline });
  const stated: Stated = { principal, plan, request };
  const hold = await askHold(held, context, ports, (error) => settle(exchange, stated, neverRan(error), ports));
  exchange.accounting = accountingHeaders(hold.accounting, principal, Date.now());
  const outcome = await draw(exchange, { ...asked, plan, request, kept, hold }, ports).catch((thrown: unknown) => {
    // The hold stands and nothing was handed over: this voids it.
    settle(exchange, { ...stated, hold }, neverRan(GatewayError.from(thrown)), ports);
    throw thrown;
  });
  settle(exchange, { ...stated, hold }, outcome, ports);
  return { result: resultOf(outcome), model: plan.model, stream: streams(request), operation: 'generate' };
}

const streams = ({ partials }: ImageRequest): boolean => partials !== undefined;

/** What the model can do. An operator's own that nobody has described is not served: nothing could be judged or priced. */
function describedModel({ model, targets: [target] }: MediaPlan): ImageModel {
  const described = findImageModel({ model, upstreamModel: target?.upstreamModel ?? model });
  if (described) return described;
  throw new GatewayError('unsupported', `model: nobody has described what ${model} can draw`, {
    details: { param: 'model' },
  });
}

function draw(
  exchange: Exchange,
  asked: Asked & { plan: MediaPlan; request: ImageRequest; kept: AskedImage; hold: Hold },
  ports: ImagesPorts,
): Promise<Outcome> {
  metrics.overheadSeconds.observe({ protocol: 'images' }, (performance.now() - exchange.startedMark) / 1_000);
  const { hold, keeping, wish, ...rest } = asked;
  const headers = [...(exchange.accounting ?? []), ...holdHeaders(hold)];
  return drawPictures(exchange, { ...rest, reading: wish, headers, recording: keeping?.recording }, ports);
}

interface Stated {
  readonly principal: Principal;
  readonly plan: MediaPlan;
  readonly request: ImageRequest;
  /** Absent while there may be none. */
  readonly hold?: Hold;
}

function settle(
  { requestId, startedAt }: Exchange,
  { principal, plan, request, hold }: Stated,
  outcome: Outcome,
  { usage }: Pick<ImagesPorts, 'usage'>,
): void {
  usage.report(
    usageFact({
      ...{ requestId, principal, plan, startedAt, outcome },
      protocol: 'images',
      operation: 'generate',
      stream: streams(request),
      inputTokensEstimate: 0,
      outputUnwanted: false,
      endedAt: Date.now(),
      carved: hold?.carved,
    }),
  );
}
