import type { AssetStore } from '@bytespike/assets';
import { MemoryAssetStore } from '@bytespike/assets/testing';
import type {
  AskedImage,
  AskedVideo,
  CallContext,
  HandlersFor,
  media,
  MediaAsked,
  MediaTarget,
  PictureNews,
  SubmitOutcome,
} from '@bytespike/contracts';
import { createHttpClient } from '@bytespike/http-client';
import { createSafeFetch, LOCAL_ADDRESS_RULES, type AddressRules } from '@bytespike/safe-fetch';

import type { ChannelDirectory } from '../../channel-directory.js';
import type { Credential } from '../../domain/credential-choice.js';
import { createTargetMemory } from '../../target-memory.js';
import { mediaHandlers } from '../media.handlers.js';
import { createPictureRoom } from '../submit/picture-room.js';

/** The handlers over a real HTTP client, one channel at `address`, and a store in memory unless another is given. */
export interface MediaAdapter {
  readonly handlers: HandlersFor<typeof media>;
  readonly store: AssetStore;
  submit(asked: MediaAsked, options?: SubmitOptions): Promise<Submitted>;
  stop(): Promise<void>;
}

export interface SubmitOptions {
  readonly workId?: string;
  readonly patienceMs?: number;
  readonly attemptsLeft?: number;
  readonly signal?: AbortSignal;
}

export interface Submitted {
  readonly outcome: SubmitOutcome;
  readonly unsent: readonly string[] | undefined;
  readonly news: readonly PictureNews[];
}

/** Longer than any test may take, so that nothing ends for its sake but where a test says so. */
const ENDLESS_MS = 600_000;

export const context = (signal = new AbortController().signal): CallContext => ({
  requestId: 'req-1',
  deadline: Date.now() + ENDLESS_MS,
  signal,
});

export const mediaTarget = (over: Partial<MediaTarget> = {}): MediaTarget => ({
  channelId: 'ch-1',
  vendor: 'openai',
  model: 'sora-2',
  upstreamModel: 'sora-2',
  priceVersion: 'sora-2@1',
  kind: 'video',
  ...over,
});

export const askedFilm = (over: Partial<AskedVideo> = {}): MediaAsked => ({
  kind: 'video',
  request: { prompt: 'a paper boat', seconds: 8, resolution: '720p', aspectRatio: '16:9', images: [], ...over },
});

export const askedPictures = (over: Partial<AskedImage> = {}): MediaAsked => ({
  kind: 'image',
  request: {
    prompt: 'a paper boat',
    n: 1,
    size: '1024x1024',
    format: 'png',
    images: [],
    responseFormat: 'url',
    ...over,
  },
});

export function createMediaAdapter(
  address: string,
  target: MediaTarget,
  {
    credentials = [{ id: 'cr-1', weight: 1, secret: 'sim-one' }],
    rules = LOCAL_ADDRESS_RULES,
    store = new MemoryAssetStore(() => new Date()),
    pictureBytesMax = Number.MAX_SAFE_INTEGER,
  }: {
    readonly credentials?: readonly Credential[];
    readonly rules?: AddressRules;
    readonly store?: AssetStore;
    readonly pictureBytesMax?: number;
  } = {},
): MediaAdapter {
  const channel = { id: 'ch-1', name: 'main', vendor: target.vendor, address, weight: 1, models: [] };
  const channels: ChannelDirectory = {
    channel: () => ({ ...channel, protocol: 'openai-chat' }),
    mediaChannel: () => channel,
    credentials: async () => credentials,
    mayCall: (origin) => origin === new URL(address).origin,
  };
  const http = createHttpClient({
    connectTimeoutMs: 10_000,
    connectionsMax: 16,
    originsMax: 2,
    mayCall: channels.mayCall,
  });
  let ids = 0;
  const handlers = mediaHandlers({
    http,
    channels,
    memory: createTargetMemory({ now: Date.now, random: () => 0, onChange: () => undefined }),
    foreign: createSafeFetch({ rules }),
    addressRules: rules,
    store,
    room: createPictureRoom(pictureBytesMax),
    stallMs: ENDLESS_MS,
    now: Date.now,
    random: () => 0,
    newId: () => `id${(ids += 1)}`,
  });
  return {
    handlers,
    store,
    stop: () => http.close(),
    async submit(asked, { workId = 'work-1', patienceMs = ENDLESS_MS, attemptsLeft = 3, signal } = {}) {
      let unsent: readonly string[] | undefined;
      let lines = '';
      const outcome = await handlers.submit(
        { input: { workId, target, asked, mark: 7, attemptsLeft, patienceMs } },
        {
          head: (head) => {
            unsent = head.unsent;
          },
          data: (bytes) => void (lines += Buffer.from(bytes).toString()),
        },
        context(signal),
      );
      const news = lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as PictureNews]));
      return { outcome, unsent, news };
    },
  };
}
