import 'reflect-metadata';

import { assetUrls, type AssetStore } from '@bytespike/assets';
import { MemoryAssetStore } from '@bytespike/assets/testing';
import { PUBLIC_ADDRESS_RULES } from '@bytespike/safe-fetch';
import { createLogger } from '@bytespike/telemetry';

import { createConcurrency, type ConcurrencyParts } from '../concurrency/concurrency.js';
import { trustProxies } from '../http/client-address.js';
import { TIMINGS, type Timings } from '../http/timings.js';
import type { AnswerStore } from '../idempotency/answer-store.js';
import { startIngress, type RunningIngress } from '../start-ingress.js';
import { createFakePlatform, type FakePlatform, type Script } from './fake-platform.js';
import { send, type Asked, type Reply } from './http-client.js';
import { memoryLeaseStore } from './memory-lease-store.js';
import { MemoryAnswerStore } from './memory-answer-store.js';
import { API_KEY, PEPPER } from './samples.js';

export interface IngressUnderTest extends FakePlatform {
  readonly running: RunningIngress;
  readonly address: string;
  readonly assets: AssetStore;
  send(asked: Asked): Promise<Reply>;
  stop(): Promise<void>;
}

export interface Settings {
  readonly timings?: Partial<Timings>;
  readonly trustedProxies?: string;
  readonly drainGraceMs?: number;
  /** Where the answers of named requests are kept; several gateways may share one. */
  readonly answerStore?: AnswerStore;
  /** Where requests in flight are counted; several gateways may share one. */
  readonly openLeases?: ConcurrencyParts['openStore'];
  readonly assets?: AssetStore;
  /** Under which customers reach it: links to assets begin with it. */
  readonly publicUrl?: string;
}

/** The real gateway on a free port, with a scripted platform behind it. */
export async function runIngress(script: Script = {}, settings: Settings = {}): Promise<IngressUnderTest> {
  const platform = await createFakePlatform(script);
  const assets = settings.assets ?? new MemoryAssetStore(() => new Date());
  const logger = createLogger({ service: 'ingress', level: 'silent' });
  const running = await startIngress({
    bus: platform.bus,
    logger,
    concurrency: await createConcurrency({
      openStore: settings.openLeases ?? (async () => memoryLeaseStore()),
      renewEveryMs: 60_000,
      secondLookMs: 1,
      logger,
    }),
    answerStore: settings.answerStore ?? new MemoryAnswerStore(),
    assets,
    assetUrls: assetUrls({ PUBLIC_URL: settings.publicUrl ?? 'https://gateway.test', KEY_PEPPER: PEPPER }),
    foreignAddresses: PUBLIC_ADDRESS_RULES,
    pepper: PEPPER,
    isTrustedProxy: trustProxies(settings.trustedProxies ?? ''),
    trustTraceparent: false,
    timings: { ...TIMINGS, ...settings.timings },
    host: '127.0.0.1',
    port: 0,
    drainGraceMs: settings.drainGraceMs ?? 0,
  });
  const { address } = running;
  return {
    ...platform,
    running,
    address,
    assets,
    send: (asked) => send(address, asked),
    stop: () => running.drain(0),
  };
}

/** Requests that the samples' key may make in each dialect, by name. */
export const ASKING = {
  messages: { path: '/v1/messages', headers: { 'x-api-key': API_KEY }, body: '{"model":"model-one","max_tokens":9}' },
  chat: { path: '/v1/chat/completions', headers: { 'x-api-key': API_KEY }, body: '{"model":"model-one"}' },
  responses: { path: '/v1/responses', headers: { 'x-api-key': API_KEY }, body: '{"model":"model-one"}' },
  gemini: {
    path: '/v1beta/models/model-one:generateContent',
    headers: { 'x-api-key': API_KEY },
    body: '{"contents":[]}',
  },
} as const satisfies Record<string, Asked>;

/** The same, streaming. */
export const STREAMING = {
  messages: { ...ASKING.messages, body: '{"model":"model-one","max_tokens":9,"stream":true}' },
  chat: {
    ...ASKING.chat,
    body: '{"model":"model-one","stream":true,"stream_options":{"include_usage":true}}',
  },
  responses: { ...ASKING.responses, body: '{"model":"model-one","stream":true}' },
  gemini: { ...ASKING.gemini, path: '/v1beta/models/model-one:streamGenerateContent?alt=sse' },
} as const satisfies Record<string, Asked>;
