import type { MediaAsked, MediaPlan, MediaUnits } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import {
  estimatedImageSeconds,
  estimatedVideoSeconds,
  findImageModel,
  findVideoModel,
  fitImage,
  fitVideo,
  invalidParam,
  mostImageUnits,
  mostVideoUnits,
  readImageWish,
  readVideoWish,
  unsentOfImage,
  unsentOfVideo,
  type Submission,
} from '@bytespike/media';

import { askedImage, askedVideo } from '../assets/asked-media.js';
import type { InputKeeper } from '../assets/input-keeper.js';
import { dropped, placeOf } from '../domain/dropped-field.js';

/** A submission that its model can fulfil. */
export interface JudgedSubmission {
  /** What it makes at most. */
  readonly units: MediaUnits;
  /** How long that takes, before anything has been learnt from others. */
  readonly estimatedSeconds: number;
  /** The wish as the bus carries it, its inputs kept. */
  asked(keeper: Pick<InputKeeper, 'keep'>): Promise<MediaAsked>;
  /** The same without inputs, for a question about its price. */
  readonly bare: MediaAsked;
  /** What the wire of the likeliest target has no place for, as its caller is warned of it. */
  readonly warnings: readonly string[];
}

/** Reads a submission and judges it against its model, before any money is held. Errors: those of libs/media. */
export const judgeSubmission = (submission: Submission, plan: MediaPlan): JudgedSubmission =>
  plan.kind === 'video' ? judgeVideo(submission, plan) : judgeImage(submission, plan);

function judgeVideo({ params, at }: Submission, { model: id, targets: [target] }: MediaPlan): JudgedSubmission {
  const reading = readVideoWish(params, at);
  const model = target && findVideoModel(target);
  if (!model) throw undescribed(id);
  const request = fitVideo(reading, model);
  return {
    units: mostVideoUnits(request),
    estimatedSeconds: estimatedVideoSeconds(model, request),
    asked: async (keeper) => ({ kind: 'video', request: await askedVideo(request, reading, keeper) }),
    bare: { kind: 'video', request: { ...request, images: [] } },
    warnings: unsentOfVideo(request, target).map(placeOf(reading)).map(dropped),
  };
}

function judgeImage({ params, at }: Submission, { model: id, targets: [target] }: MediaPlan): JudgedSubmission {
  const reading = readImageWish(params, at);
  const { wish, where } = reading;
  const model = target && findImageModel(target);
  if (!model) throw undescribed(id);
  if (wish.responseFormat === 'b64_json')
    throw invalidParam(where('responseFormat'), 'a task answers with addresses', ['url']);
  // `stream` is reserved and ignored here (contract 9.1), and what would be streamed with it.
  const request = fitImage({ wish: { ...wish, stream: undefined, partials: undefined }, where }, model);
  return {
    units: mostImageUnits(request),
    estimatedSeconds: estimatedImageSeconds(model, request),
    asked: async (keeper) => ({ kind: 'image', request: await askedImage(request, { where }, keeper) }),
    bare: { kind: 'image', request: { ...request, images: [], mask: undefined } },
    warnings: unsentOfImage(request, target).map(placeOf(reading)).map(dropped),
  };
}

const undescribed = (model: string): GatewayError =>
  new GatewayError('unsupported', `Nobody has described what ${model} can make, so it is not sold yet.`, {
    details: { param: 'model' },
  });
