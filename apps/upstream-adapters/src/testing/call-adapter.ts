import type { Channel } from '@bytespike/catalog';
import type { generation, Outcome, StreamFunction, StreamHead } from '@bytespike/contracts';
import { createHttpClient, type HttpClient } from '@bytespike/http-client';

import type { ChannelDirectory } from '../channel-directory.js';
import type { Credential } from '../domain/credential-choice.js';
import { generationHandlers } from '../generation.handlers.js';
import type { GenerationPorts } from '../run-generation.js';
import { createTargetMemory, type CircuitChange } from '../target-memory.js';

type Run = StreamFunction<(typeof generation)['run']>;
export type Input = Parameters<Run>[0]['input'];

export interface Answered {
  readonly outcome: Outcome;
  readonly head: StreamHead | undefined;
  readonly frames: readonly Buffer[];
  readonly text: string;
}

export interface CallOptions {
  readonly input?: Partial<Input>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly onData?: (bytes: Uint8Array) => void | Promise<void>;
}

/** The adapter's handler over a real HTTP client and a directory in memory, at a clock the test moves. */
export interface Adapter {
  call(options?: CallOptions): Promise<Answered>;
  readonly changes: readonly CircuitChange[];
  passTime(ms: number): void;
  stop(): Promise<void>;
}

/** Longer than any test may take, so that nothing ends for their sake but where a test says so. */
export const ENDLESS: GenerationPorts['timeouts'] = {
  firstContentMs: 600_000,
  stallMs: 600_000,
  afterEndMs: 600_000,
};

export const chatTarget = (upstreamModel = 'up-1'): Input['target'] => ({
  channelId: 'ch-1',
  vendor: 'openai',
  model: 'gpt-house',
  upstreamModel,
  protocol: 'openai-chat',
  lane: 'raw',
  priceVersion: 'gpt-house@1',
});

export const geminiTarget: Input['target'] = { ...chatTarget(), vendor: 'google', protocol: 'gemini-generate' };

export function createAdapter(
  address: string,
  {
    channel = {},
    credentials = [{ id: 'cr-1', weight: 1, secret: 'sk-one' }],
    timeouts = ENDLESS,
  }: {
    readonly channel?: Partial<Channel>;
    readonly credentials?: readonly Credential[];
    readonly timeouts?: GenerationPorts['timeouts'];
  } = {},
): Adapter {
  let passed = 0;
  const now = (): number => Date.now() + passed;
  const changes: CircuitChange[] = [];
  const known: Channel = {
    id: 'ch-1',
    name: 'main',
    vendor: 'openai',
    protocol: 'openai-chat',
    address,
    weight: 1,
    models: [{ model: 'gpt-house', upstreamModel: 'up-1' }],
    ...channel,
  };
  const channels: ChannelDirectory = {
    channel: () => known,
    mediaChannel: () => known,
    credentials: async () => credentials,
    mayCall: (origin) => origin === new URL(address).origin,
  };
  const http: HttpClient = createHttpClient({
    connectTimeoutMs: 10_000,
    connectionsMax: 16,
    originsMax: 2,
    mayCall: channels.mayCall,
  });
  const memory = createTargetMemory({ now, random: () => 0, onChange: (change) => void changes.push(change) });
  const { run } = generationHandlers({ http, channels, memory, timeouts, now, random: () => 0 });
  return {
    changes,
    passTime: (ms) => {
      passed += ms;
    },
    stop: () => http.close(),
    async call({ input, body = '{"model":"up-1","stream":true}', signal, onData } = {}) {
      let head: StreamHead | undefined;
      const frames: Buffer[] = [];
      const outcome = await run(
        {
          input: {
            requestId: 'req-1',
            operation: 'generate',
            stream: true,
            headers: {},
            query: '',
            target: chatTarget(),
            edits: [],
            usageChunk: 'pass',
            attemptsLeft: 3,
            ...input,
          },
          body: Buffer.from(body),
        },
        {
          head: (given) => {
            head = given;
          },
          data: (bytes) => {
            frames.push(Buffer.from(bytes));
            return onData?.(bytes);
          },
        },
        { requestId: 'req-1', deadline: now() + ENDLESS.stallMs, signal: signal ?? new AbortController().signal },
      );
      return { outcome, head, frames, text: Buffer.concat(frames).toString() };
    },
  };
}
