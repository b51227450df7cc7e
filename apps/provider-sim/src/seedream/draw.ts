import { splitModel, withoutFaultMarks } from '../faults/fault-marks.js';
import { colorOf } from '../files/pixels.js';
import { base64Of, pictureFile } from '../files/sim-file.js';
import type { Render } from '../renders/render.js';
import { ordersIn, queued } from '../renders/render.js';
import { signedAddress } from '../stores/tos.js';
import type { Call, Frame, Reply, SimFile } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';
import type { PicturesRequest } from './read-pictures-request.js';
import { readPicturesRequest } from './read-pictures-request.js';

const RENDER_MS_USUAL = 300;
const PIXELS_PER_TOKEN = 256;

const REFUSALS: Readonly<Record<string, { readonly code: string; readonly message: string; readonly status: number }>> =
  {
    failed: {
      status: 500,
      code: 'InternalServiceError',
      message: 'The service encountered an unexpected internal error.',
    },
    filtered: {
      status: 400,
      code: 'OutputImageSensitiveContentDetected',
      message: 'The request failed because the output image may contain sensitive information.',
    },
    blocked: {
      status: 400,
      code: 'InputTextSensitiveContentDetected',
      message: 'The request failed because the input text may contain sensitive information.',
    },
  };

/** `/images/generations` on Ark. */
export const draw = (call: Call): Reply => {
  const request = readPicturesRequest(call);
  const { subject, stream } = request;
  return withSubject(subject, () => {
    const orders = ordersIn(subject);
    const refusal = orders.outcome === undefined ? undefined : REFUSALS[orders.outcome];
    if (refusal !== undefined) throw new Refusal(refusal);
    const { renders } = call.memory;
    const { subject: _subject, ...asked } = request;
    const id = `021${renders.nextName(call.digest).toLowerCase()}`;
    const order = { id, wire: 'seedream', key: call.key, ...subject, asked } as const;
    const answering = { status: 200, subject, accept: () => renders.fulfil(order) };
    const renderMs = orders.renderMs ?? RENDER_MS_USUAL;
    const items = itemsOf(call, request, queued(order, call.nowMs));
    if (stream) {
      const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
      return { ...answering, type: 'stream', headers, frames: framesOf(call, { request, items, renderMs }) };
    }
    const created = Math.floor(call.nowMs / 1_000);
    const model = splitModel(subject.model).name;
    return {
      ...answering,
      type: 'json',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, created, data: items, usage: usageOf(request, items) }),
      ...(renderMs > 0 && { afterMs: renderMs }),
    };
  });
};

type Item = Readonly<Record<string, unknown>>;

/** Each picture, or why there is none: one that fails does not fail the others. */
const itemsOf = (call: Call, request: PicturesRequest, render: Render): readonly Item[] => {
  const { samples, itemErrors = 0, outcome } = render.orders;
  const count = outcome === 'empty' ? 0 : (samples ?? request.count);
  const host = call.headers.host ?? '127.0.0.1';
  return Array.from({ length: count }, (_, index) => {
    if (index >= count - itemErrors) {
      const { code, message } = REFUSALS['filtered'] ?? {};
      return { error: { code, message } };
    }
    const size = `${request.width}x${request.height}`;
    if (request.delivery === 'b64_json') return { b64_json: base64Of(pictureOf(request, render, index)), size };
    return { url: signedAddress(render, { host, name: `${index}.${request.format}` }), size };
  });
};

const pictureOf = (
  { format, width, height }: Pick<PicturesRequest, 'format' | 'width' | 'height'>,
  { prompt, orders }: Render,
  index: number,
): SimFile =>
  pictureFile(format, { width, height, color: colorOf(`${withoutFaultMarks(prompt)} ${index}`) }, orders.assetBytes);

/** What lies in the store of a finished order. */
export const drawnFile = (render: Render, name: string): SimFile | undefined => {
  const index = /^(\d+)\.(?:jpeg|png)$/.exec(name)?.[1];
  return index === undefined ? undefined : pictureOf(render.asked as PicturesRequest, render, Number(index));
};

const usageOf = ({ width, height }: PicturesRequest, items: readonly Item[]): object => {
  const pictures = items.filter(({ error }) => error === undefined).length;
  const tokens = Math.round((pictures * width * height) / PIXELS_PER_TOKEN);
  return { generated_images: pictures, output_tokens: tokens, total_tokens: tokens };
};

interface Streaming {
  readonly request: PicturesRequest;
  readonly items: readonly Item[];
  readonly renderMs: number;
}

const framesOf = (call: Call, { request, items, renderMs }: Streaming): readonly Frame[] => {
  const model = splitModel(request.subject.model).name;
  const created = Math.floor(call.nowMs / 1_000);
  const event = (part: Frame['part'], type: string, more: object): Frame => ({
    part,
    text: `event: ${type}\ndata: ${JSON.stringify({ type, model, created, ...more })}\n\n`,
    ...(part === 'content' && renderMs > 0 && { afterMs: Math.ceil(renderMs / items.length) }),
  });
  const pictures = items.map((item, image_index) =>
    event('content', `image_generation.partial_${item['error'] === undefined ? 'succeeded' : 'failed'}`, {
      image_index,
      ...item,
    }),
  );
  return [
    ...pictures,
    event('usage', 'image_generation.completed', { usage: usageOf(request, items) }),
    { part: 'terminator', text: 'data: [DONE]\n\n' },
  ];
};
