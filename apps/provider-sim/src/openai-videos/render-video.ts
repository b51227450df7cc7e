import { splitModel } from '../faults/fault-marks.js';
import { colorOf } from '../files/pixels.js';
import { filmFile, pictureFile } from '../files/sim-file.js';
import type { Render } from '../renders/render.js';
import { progressOf } from '../renders/render.js';
import type { SimFile } from '../wire/wire.js';

/** What is remembered of an order besides its prompt. */
export type AskedVideo = { readonly seconds: string; readonly size: string; readonly remixOf: string | null };

const KEPT_MS = 60 * 60 * 1_000;
const seconds = (ms: number): number => Math.floor(ms / 1_000);

/** When its files are thrown away. */
export const expiryMsOf = ({ endedMs, orders }: Render): number | undefined =>
  endedMs === undefined ? undefined : endedMs + (orders.assetTtlMs ?? KEPT_MS);

const FAILURES: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  failed: { code: 'video_generation_failed', message: 'Video generation failed. Please try again.' },
  filtered: { code: 'moderation_blocked', message: 'Your request was blocked by our moderation system.' },
};

/** The `Video` object, as it stands. */
export const videoObject = (render: Render, nowMs: number): object => {
  const { seconds: length, size, remixOf } = render.asked as AskedVideo;
  const status = statusOf(render);
  const completed = status === 'completed';
  const expiry = completed ? expiryMsOf(render) : undefined;
  return {
    id: render.id,
    object: 'video',
    created_at: seconds(render.createdMs),
    status,
    completed_at: completed && render.endedMs !== undefined ? seconds(render.endedMs) : null,
    error: status === 'failed' ? (FAILURES[render.orders.outcome ?? ''] ?? FAILURES['failed']) : null,
    expires_at: expiry === undefined ? null : seconds(expiry),
    model: splitModel(render.model).name,
    progress: status === 'failed' ? 0 : progressOf(render, nowMs),
    prompt: render.prompt,
    remixed_from_video_id: remixOf,
    seconds: length,
    size,
  };
};

/** The word for how far it has got; a word that was ordered stands as it is. */
export const statusOf = ({ state, orders: { outcome, runningWord } }: Render): string => {
  if (state === 'queued') return 'queued';
  if (state !== 'ended') return runningWord ?? 'in_progress';
  if (outcome === undefined || outcome === 'empty') return 'completed';
  return outcome === 'filtered' ? 'failed' : outcome;
};

const THUMBNAIL_PART = 4;
const SHEET_COLUMNS = 4;

/** The files of a finished film, by what they are called. */
export const videoFile = (render: Render, variant: string): SimFile | undefined => {
  const { seconds: length, size } = render.asked as AskedVideo;
  const [width = 720, height = 1280] = size.split('x').map(Number);
  const color = colorOf(render.prompt);
  const small = { width: width / THUMBNAIL_PART, height: height / THUMBNAIL_PART, color };
  if (variant === 'thumbnail') return pictureFile('webp', small);
  if (variant === 'spritesheet') return pictureFile('jpeg', { ...small, width: small.width * SHEET_COLUMNS });
  if (variant !== 'video') return undefined;
  return filmFile({ width, height, color, seconds: Number(length) }, render.orders.assetBytes);
};
