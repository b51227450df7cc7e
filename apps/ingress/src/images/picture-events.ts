import type { KeptAsset } from '@bytespike/contracts';
import type { ImageRequest } from '@bytespike/media';

import type { TargetAnswer } from '../http/target-answer.js';
import type { PictureAnswer } from './picture-answer.js';
import { behind, picturePieces, type Carrier, type CarrierPorts } from './picture-pieces.js';

/** The events of the two endpoints have the same fields under two names. */
const EVENTS = { generations: 'image_generation', edits: 'image_edit' } as const;

export interface EventsAsked {
  readonly route: keyof typeof EVENTS;
  readonly request: Pick<ImageRequest, 'size' | 'quality' | 'background' | 'format'>;
  readonly carrier: Carrier;
  /** Told of every picture that comes before the end, unfinished ones too. */
  readonly onPicture: (asset: KeptAsset) => void;
}

/** Pictures as server-sent events, unfinished ones first (media-ledger-reliability 1.5). The stream ends without a mark. */
export function openPictureEvents(answer: TargetAnswer, asked: EventsAsked, ports: CarrierPorts): PictureAnswer {
  const { route, request, carrier, onPicture } = asked;
  const told = new Set<string>();

  const send = async (event: 'partial_image' | 'completed', asset: KeptAsset, more: object): Promise<void> => {
    const type = `${EVENTS[route]}.${event}`;
    const facts = JSON.stringify({ type, ...factsOf(request), ...more }).slice(0, -1);
    let before = `event: ${type}\ndata: ${facts},`;
    for await (const piece of picturePieces(asset, carrier, ports)) {
      await answer.data(behind(before, piece));
      before = '';
    }
    await answer.data(Buffer.from('}\n\n'));
  };
  const complete = async (asset: KeptAsset): Promise<void> => {
    if (told.has(asset.name)) return;
    await send('completed', asset, {});
    ports.signal.throwIfAborted();
    told.add(asset.name);
  };

  return {
    begin: (head) => void answer.head({ ...head, contentType: 'text/event-stream; charset=utf-8' }),
    news: async ({ type, index, asset }) => {
      onPicture(asset);
      try {
        await (type === 'completed' ? complete(asset) : send('partial_image', asset, { partial_image_index: index }));
      } catch (thrown) {
        // Who has left is told nothing more; what became of the pictures is for the outcome to say.
        if (!ports.signal.aborted) throw thrown;
      }
    },
    contentSent: () => answer.contentSent(),
    deliver: async (pictures) => {
      for (const picture of pictures) await complete(picture);
    },
    delivered: () => told.size,
    complete: async () => answer.complete(),
    fail: (error) => answer.fail(error, undefined),
  };
}

const factsOf = ({ size, quality = 'auto', background = 'auto', format }: EventsAsked['request']) => ({
  created_at: Math.floor(Date.now() / 1_000),
  size,
  quality,
  background,
  output_format: format,
});
