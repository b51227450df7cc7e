import type { AskedImage, AskedVideo, FRAME_ROLES } from '@bytespike/contracts';
import type { ImageRequest, ImageWish, Reading, VideoRequest, VideoWish } from '@bytespike/media';

import type { InputKeeper } from './input-keeper.js';

type Keep = Pick<InputKeeper, 'keep'>;

/** The field of the wish in which a frame came. */
const FIELDS = {
  'first-frame': 'firstFrame',
  'last-frame': 'lastFrame',
  reference: 'references',
} as const satisfies Record<(typeof FRAME_ROLES)[number], keyof VideoWish>;

/** A film as the bus carries the wish for it: its inputs are names and addresses by now. */
export async function askedVideo(
  { images, ...request }: VideoRequest,
  { where }: Pick<Reading<VideoWish>, 'where'>,
  { keep }: Keep,
): Promise<AskedVideo> {
  const kept = images.map(async ({ role, source }) => ({ role, source: await keep(source, where(FIELDS[role])) }));
  return { ...request, images: await Promise.all(kept) };
}

/** The same of pictures. */
export async function askedImage(
  { images, mask, ...request }: ImageRequest,
  { where }: Pick<Reading<ImageWish>, 'where'>,
  { keep }: Keep,
): Promise<AskedImage> {
  const [kept, keptMask] = await Promise.all([
    Promise.all(images.map((source) => keep(source, where('images')))),
    mask && keep(mask, where('mask')),
  ]);
  return { ...request, images: kept, ...(keptMask && { mask: keptMask }) };
}
