import { splitModel } from '../faults/fault-marks.js';
import { colorOf } from '../files/pixels.js';
import { filmFile, pictureFile } from '../files/sim-file.js';
import type { Render } from '../renders/render.js';
import { signedAddress } from '../stores/tos.js';
import type { SimFile } from '../wire/wire.js';
import type { TaskRequest } from './read-task-request.js';

type Asked = Omit<TaskRequest, 'subject'>;

const FRAMES_PER_SECOND = 24;
const EXECUTION_EXPIRES_S = 172_800;
const HEIGHTS: Readonly<Record<string, number>> = { '480p': 480, '720p': 720, '1080p': 1_080, '4k': 2_160 };

const seconds = (ms: number): number => Math.floor(ms / 1_000);

const FAILURES: Readonly<Record<string, object>> = {
  failed: { code: 'InternalServiceError', message: 'The service encountered an unexpected internal error.' },
  filtered: {
    code: 'OutputVideoSensitiveContentDetected',
    message: 'The request failed because the output video may contain sensitive information.',
  },
};

/** The word for how far it has got; a word that was ordered stands as it is. */
export const statusOf = ({ state, orders: { outcome, runningWord } }: Render): string => {
  if (state === 'queued') return 'queued';
  if (state === 'cancelled') return 'cancelled';
  if (state === 'running') return runningWord ?? 'running';
  if (outcome === undefined || outcome === 'empty') return 'succeeded';
  return outcome === 'filtered' ? 'failed' : outcome;
};

/** A task as it stands; in a list its failure goes by another name. */
export const taskObject = (render: Render, host: string, failure: 'error' | 'failure_reason' = 'error'): object => {
  const asked = render.asked as Asked;
  const status = statusOf(render);
  const succeeded = status === 'succeeded';
  const tokens = succeeded ? tokensOf(asked) : 0;
  return {
    id: render.id,
    model: splitModel(render.model).name,
    status,
    ...(status === 'failed' && { [failure]: FAILURES[render.orders.outcome ?? 'failed'] ?? FAILURES['failed'] }),
    ...(succeeded && { content: contentOf(render, host), usage: { completion_tokens: tokens, total_tokens: tokens } }),
    created_at: seconds(render.createdMs),
    updated_at: seconds(render.endedMs ?? render.startedMs ?? render.createdMs),
    seed: asked.seed < 0 ? Number.parseInt(render.id.slice(-5), 36) : asked.seed,
    resolution: asked.resolution,
    ratio: asked.ratio,
    duration: asked.seconds,
    framespersecond: FRAMES_PER_SECOND,
    service_tier: 'default',
    execution_expires_after: EXECUTION_EXPIRES_S,
  };
};

const contentOf = (render: Render, host: string): object => {
  if (render.orders.outcome === 'empty') return {};
  const { lastFrame } = render.asked as Asked;
  const address = (name: string): string => signedAddress(render, { host, name });
  return { video_url: address('film.mp4'), ...(lastFrame && { last_frame_url: address('last_frame.png') }) };
};

const edgesOf = ({ resolution, ratio }: Asked): { width: number; height: number } => {
  const short = HEIGHTS[resolution] ?? 720;
  const [across = 16, down = 9] = ratio.split(':').map(Number);
  const even = (edge: number): number => Math.round(edge / 2) * 2;
  return across >= down
    ? { width: even((short * across) / down), height: short }
    : { width: short, height: even((short * down) / across) };
};

const PIXELS_PER_TOKEN = 1_024;

const tokensOf = (asked: Asked): number => {
  const { width, height } = edgesOf(asked);
  return Math.round((width * height * FRAMES_PER_SECOND * asked.seconds) / PIXELS_PER_TOKEN);
};

/** What lies in the store of a finished task. */
export const taskFile = (render: Render, name: string): SimFile | undefined => {
  const asked = render.asked as Asked;
  const pixels = { ...edgesOf(asked), color: colorOf(render.prompt) };
  if (name === 'last_frame.png') return pictureFile('png', pixels);
  return name === 'film.mp4' ? filmFile({ ...pixels, seconds: asked.seconds }, render.orders.assetBytes) : undefined;
};
