import type { AssetStore } from '@bytespike/assets';
import type { AskedImage, KeptAsset, MediaPlan, Outcome, StreamHead } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { ImageRequest, ImageWish, Reading } from '@bytespike/media';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import { placeOf } from '../domain/dropped-field.js';
import { pictureOutcome, type Handed } from '../domain/picture-outcome.js';
import { failureOf } from '../domain/request-outcome.js';
import { contentHeaders } from '../http/answer-headers.js';
import { abortReason, type Exchange } from '../http/exchange.js';
import { openStreamAnswer } from '../http/stream-answer.js';
import type { TargetAnswer } from '../http/target-answer.js';
import type { Timings } from '../http/timings.js';
import { openWholeAnswer } from '../http/whole-answer.js';
import type { Keeping } from '../idempotency/run-claimed.js';
import type { Leftovers } from './leftovers.js';
import type { PictureAnswer } from './picture-answer.js';
import { openPictureEvents } from './picture-events.js';
import { openPictureList } from './picture-list.js';
import type { Carrier, CarrierPorts } from './picture-pieces.js';
import { openPiecewiseAnswer } from './piecewise-answer.js';
import type { ImagesRoute } from './read-pictures.js';
import { startTimeLimit, withOffer } from './time-limit.js';
import { walkPictureTargets, type PictureTargetPorts, type PictureWalk } from './walk-picture-targets.js';

export interface DrawPorts extends PictureTargetPorts {
  readonly assets: Pick<AssetStore, 'open'>;
  readonly assetUrls: CarrierPorts['assetUrls'];
  readonly timings: Timings;
}

export interface ToDraw {
  readonly route: ImagesRoute;
  readonly plan: MediaPlan;
  readonly request: ImageRequest;
  /** The same without bytes. */
  readonly kept: AskedImage;
  readonly reading: Reading<ImageWish>;
  /** Known before the first content: accounting, hold. */
  readonly headers: FlatHeaders;
  /** Given when the answer is kept for repeats. */
  readonly recording: Keeping['recording'] | undefined;
  readonly leftovers: Pick<Leftovers, 'add'>;
}

/**
 * Asks the targets for the pictures and hands them over as they come, or all at once. The outcome says what was handed
 * over; the caller has its answer by then, or its refusal. Errors: an answer that could not be kept for repeats.
 */
export async function drawPictures(exchange: Exchange, toDraw: ToDraw, ports: DrawPorts): Promise<Outcome> {
  const left = abortReason(exchange);
  if (left) throw left;
  const { picturesMs } = ports.timings;
  const carrier = carrierOf(toDraw);
  // What goes out inside the answer has no link that leads to it.
  const onPicture = ({ name }: KeptAsset): void => (carrier === 'b64_json' ? toDraw.leftovers.add(name) : undefined);
  const answer = openAnswer(exchange, toDraw, { carrier, onPicture }, ports);
  const limit = startTimeLimit(exchange.context, picturesMs);
  const call = { requestId: exchange.requestId, request: toDraw.kept, targets: toDraw.plan.targets, ...limit };
  const walk = await walkPictureTargets({ ...call, where: placeOf(toDraw.reading) }, answer, ports);
  walk.pictures.forEach(onPicture);
  const handed = await handOver(exchange, { walk, late: limit.late(), n: toDraw.request.n }, answer);
  if (handed.failure) answer.fail(withOffer(handed.failure, picturesMs));
  else await answer.complete();
  return pictureOutcome(handed, walk.attempts);
}

/** Events carry pictures inside unless links are asked for: that is what clients of streams read. */
const carrierOf = ({ request, reading: { wish } }: ToDraw): Carrier =>
  request.partials === undefined ? request.responseFormat : (wish.responseFormat ?? 'b64_json');

function openAnswer(
  exchange: Exchange,
  { route, plan, request, headers, recording }: ToDraw,
  { carrier, onPicture }: { readonly carrier: Carrier; readonly onPicture: (asset: KeptAsset) => void },
  { assets, assetUrls, timings }: DrawPorts,
): PictureAnswer {
  const stream = request.partials !== undefined;
  const headersOf = (head: StreamHead): FlatHeaders => contentHeaders(head, plan);
  const open = stream ? openStreamAnswer : carrier === 'url' ? openWholeAnswer : openPiecewiseAnswer;
  const sent: TargetAnswer = open(exchange, { headers, contentHeaders: headersOf, timings });
  const answer = recording?.(sent, headersOf) ?? sent;
  const ports = { assets, assetUrls, signal: exchange.context.signal };
  return stream
    ? openPictureEvents(answer, { route, request, carrier, onPicture }, ports)
    : openPictureList(answer, carrier, ports);
}

interface ToHandOver {
  readonly walk: PictureWalk;
  /** Given when the time was up. */
  readonly late: GatewayError | undefined;
  /** What the caller pays for at most; a vendor may draw more. */
  readonly n: number;
}

async function handOver(exchange: Exchange, { walk, late, n }: ToHandOver, answer: PictureAnswer): Promise<Handed> {
  const { pictures, failure } = walk;
  const made = Math.min(pictures.length, n);
  const handed = (why?: GatewayError): Handed => ({
    made,
    delivered: Math.min(answer.delivered(), n),
    begun: answer.contentSent(),
    failure: why && (abortReason(exchange) ?? why),
  });
  if (failure) {
    const told = failureOf({ ending: 'failed', failure });
    return handed(isVerdict(told) ? told : (late ?? told));
  }
  try {
    exchange.context.signal.throwIfAborted();
    await answer.deliver(pictures.slice(0, made));
    return handed();
  } catch (thrown) {
    return handed(GatewayError.from(thrown));
  }
}

/** What a vendor has decided is so, however late it was told. */
const isVerdict = ({ traits }: GatewayError): boolean => traits.fault === 'upstream' && traits.retry === 'never';
