import type { MediaTarget, Principal, tasks } from '@bytespike/contracts';
import type { z } from 'zod';

export type SubmitInput = z.output<(typeof tasks.submit)['input']>;

export const PRINCIPAL: Principal = {
  keyId: 'key-1',
  accountId: 'account-1',
  groupId: 'default',
  keyHint: 'sk-byts-...abcd',
  policy: 'warn',
  tier: 'pro',
  caps: [],
};

export const targetOf = (change: Partial<MediaTarget> = {}): MediaTarget => ({
  channelId: 'channel-1',
  vendor: 'openai',
  model: 'sora-2',
  upstreamModel: 'sora-2',
  priceVersion: 'sora-2@1',
  kind: 'video',
  ...change,
});

export const FILM_INPUT: SubmitInput = {
  principal: PRINCIPAL,
  model: 'sora-2',
  asked: {
    kind: 'video',
    request: { prompt: 'a cat on a train', seconds: 5, resolution: '720p', aspectRatio: '16:9', images: [] },
  },
  targets: [targetOf()],
  estimatedSeconds: 60,
  inputHash: 'hash-1',
};
