import { countTokens } from '../brain/tokens.js';
import { withoutFaultMarks } from '../faults/fault-marks.js';
import { colorOf } from '../files/pixels.js';
import { base64Of, pictureFile } from '../files/sim-file.js';
import { ordersIn } from '../renders/render.js';
import type { Call, Failure, Reply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import { imageEvent, imageStreamFailure } from './events.js';
import type { PictureRequest } from './picture-request.js';

/** Pictures come in the answer to their order, so they take less time than a film. */
const RENDER_MS_USUAL = 300;

/** What a picture of 1024 by 1024 costs in tokens. */
const TOKENS: Readonly<Record<string, number>> = { low: 272, medium: 1_056, high: 4_160, xhigh: 6_240, max: 8_320 };
const TOKENS_PER_INPUT = 323;
const SQUARE = 1024 * 1024;

/** Draws what was asked for, in one answer or piece by piece. */
export const draw = (call: Call, request: PictureRequest): Reply => {
  const { subject } = request;
  const orders = ordersIn(subject);
  const renderMs = orders.renderMs ?? RENDER_MS_USUAL;
  const { renders } = call.memory;
  const order = { wire: 'openai-images', key: call.key, ...subject, asked: { count: request.count } } as const;
  const answering = {
    status: 200,
    subject,
    accept: () => renders.fulfil({ ...order, id: renders.nextName(call.digest) }),
  };
  const requestId = { 'x-request-id': `req_${call.digest.slice(0, 32)}` };
  return withSubject(subject, () => {
    const failure = failureOf(orders.outcome);
    // A stream has begun before the filter looks at the picture, and fails inside; every other failure is a refusal.
    if (failure !== undefined && (!request.stream || orders.outcome === 'blocked')) throw new Refusal(failure);
    if (!request.stream) {
      const body = JSON.stringify(bodyOf(call, request));
      const headers = { 'content-type': 'application/json', ...requestId };
      return { ...answering, type: 'json', headers, body, ...(renderMs > 0 && { afterMs: renderMs }) };
    }
    const headers = { 'content-type': 'text/event-stream; charset=utf-8', ...requestId };
    return { ...answering, type: 'stream', headers, frames: framesOf(call, request, renderMs) };
  });
};

const FILTERED: Failure = {
  status: 400,
  type: 'image_generation_user_error',
  code: 'moderation_blocked',
  message:
    'Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID.',
};

const FAILED: Failure = {
  status: 500,
  type: 'server_error',
  code: 'server_error',
  message: 'The image could not be generated.',
};

/** How an order ends that was ordered to end badly; a word that means nothing here is taken for the filter's reason. */
const failureOf = (outcome: string | undefined): Failure | undefined => {
  if (outcome === undefined || outcome === 'empty') return undefined;
  if (outcome === 'failed') return FAILED;
  return outcome === 'filtered' || outcome === 'blocked' ? FILTERED : { ...FILTERED, code: outcome };
};

const pictureOf = ({ subject, format, width, height }: PictureRequest, which: string): string => {
  const color = colorOf(`${withoutFaultMarks(subject.prompt)} ${which}`);
  return base64Of(pictureFile(format, { width, height, color }, ordersIn(subject).assetBytes));
};

const settingsOf = ({ background, format, quality, width, height }: PictureRequest) => ({
  background,
  output_format: format,
  quality,
  size: `${width}x${height}`,
});

const countOf = ({ subject, count }: PictureRequest): number => {
  const { outcome, samples } = ordersIn(subject);
  return outcome === 'empty' ? 0 : (samples ?? count);
};

const bodyOf = (call: Call, request: PictureRequest): object => ({
  created: Math.floor(call.nowMs / 1_000),
  ...settingsOf(request),
  data: Array.from({ length: countOf(request) }, (_, index) => ({ b64_json: pictureOf(request, String(index)) })),
  usage: usageOf(request, countOf(request)),
  safety_identifier: request.safetyIdentifier,
});

const usageOf = ({ subject, inputs, quality, width, height }: PictureRequest, pictures: number) => {
  const text = countTokens(withoutFaultMarks(subject.prompt));
  const seen = inputs * TOKENS_PER_INPUT;
  const drawn = Math.ceil(((TOKENS[quality] ?? 0) * width * height) / SQUARE) * pictures;
  return {
    input_tokens: text + seen,
    input_tokens_details: { text_tokens: text, image_tokens: seen },
    output_tokens: drawn,
    output_tokens_details: { text_tokens: 0, image_tokens: drawn },
    total_tokens: text + seen + drawn,
  };
};

/** Half-done pictures on the way, then each finished one; the time is spent evenly between them. */
const framesOf = (call: Call, request: PictureRequest, renderMs: number) => {
  const { partials, outcome } = ordersIn(request.subject);
  const shown = partials ?? request.partialImages;
  const created_at = Math.floor(call.nowMs / 1_000);
  const pauseMs = Math.floor(renderMs / (shown + 1));
  const frames = Array.from({ length: shown }, (_, index) =>
    imageEvent(
      'content',
      {
        type: `${request.kind}.partial_image`,
        b64_json: pictureOf(request, `partial ${index}`),
        partial_image_index: index,
        created_at,
        ...settingsOf(request),
      },
      pauseMs,
    ),
  );
  const failure = failureOf(outcome);
  if (failure !== undefined) {
    const pieces = imageStreamFailure(failure).map((frame) => ({ ...frame, ...(pauseMs > 0 && { afterMs: pauseMs }) }));
    return [...frames, ...pieces];
  }
  const finished = Array.from({ length: countOf(request) }, (_, index) =>
    imageEvent(
      'terminator',
      {
        type: `${request.kind}.completed`,
        b64_json: pictureOf(request, String(index)),
        created_at,
        ...settingsOf(request),
        usage: usageOf(request, 1),
      },
      index === 0 ? pauseMs : 0,
    ),
  );
  return [...frames, ...finished];
};
