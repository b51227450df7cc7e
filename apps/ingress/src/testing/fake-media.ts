import { Readable } from 'node:stream';

import type { AssetStore } from '@bytespike/assets';
import type {
  HandlersFor,
  KeptAsset,
  media,
  MediaPlan,
  MediaTarget,
  PictureNews,
  SubmitOutcome,
} from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { attempt } from './samples.js';

type Draw = HandlersFor<typeof media>['submit'];

const unasked = async (): Promise<never> => {
  throw new GatewayError('internal', 'ingress asks for pictures and for nothing else');
};

/** Whoever calls the vendors of pictures: what it is asked is noted, what comes of it a test says. */
export const mediaHandlers = (draw: Draw | undefined, drawn: Parameters<Draw>[0][]): HandlersFor<typeof media> => ({
  submit: (request, sink, context) => {
    drawn.push(request);
    return (draw ?? unasked)(request, sink, context);
  },
  ask: unasked,
  askMany: unasked,
  lookUp: unasked,
  cancel: unasked,
  fetch: unasked,
});

export const pictureTarget: MediaTarget = {
  channelId: 'pictures-1',
  vendor: 'openai',
  model: 'gpt-image-2',
  upstreamModel: 'gpt-image-2',
  priceVersion: 'gpt-image-2@1',
  kind: 'image',
};

export const picturePlan: MediaPlan = { model: 'gpt-image-2', kind: 'image', targets: [pictureTarget] };

/** Keeps a picture as an adapter would. */
export async function keepPicture(store: AssetStore, id: string, bytes: Uint8Array): Promise<KeptAsset> {
  const name = `img/2026-11-20/${id}.png`;
  const put = { name, contentType: 'image/png', body: Readable.from([bytes]), bytesMax: bytes.length };
  const { sha256 } = await store.put(put);
  return { name, contentType: 'image/png', bytes: bytes.length, sha256 };
}

/** What a submit comes to whose pictures are these. */
export const drew = (assets: readonly KeptAsset[], revisedPrompts?: Record<string, string>): SubmitOutcome => ({
  submitted: {
    type: 'finished',
    report: {
      state: 'succeeded',
      word: 'answered',
      assets: assets.map((asset) => ({ from: 'store', asset })),
      rendered: { images: assets.length },
    },
    ...(revisedPrompts && { revisedPrompts }),
  },
  attempts: [pictureAttempt],
});

export const pictureAttempt: SubmitOutcome['attempts'][number] = {
  ...attempt,
  channelId: 'pictures-1',
  vendor: 'openai',
  model: 'gpt-image-2',
  upstreamModel: 'gpt-image-2',
  priceVersion: 'gpt-image-2@1',
};

/** What a submit comes to that nobody drew for. */
export const drewNothing = (
  type: 'refused' | 'unclear',
  failure: Extract<SubmitOutcome['submitted'], { type: 'refused' }>['failure'],
): SubmitOutcome => ({ submitted: { type, failure }, attempts: [{ ...pictureAttempt, kind: failure.kind }] });

/** Draws these pictures, each of these bytes. */
export const drawing =
  (store: AssetStore, pictures: readonly Uint8Array[], unsent: string[] = []): Draw =>
  async (_request, sink) => {
    await sink.head({ unsent });
    const kept = pictures.map((bytes, index) => keepPicture(store, `picture-${index}`, bytes));
    return drew(await Promise.all(kept));
  };

/** A line of news, as the bus carries it. */
export const newsLine = (news: PictureNews): Uint8Array => Buffer.from(`${JSON.stringify(news)}\n`);
