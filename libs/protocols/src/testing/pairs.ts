import type { Capsule } from '@bytespike/ir';
import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import type { ExchangeOptions } from '../translation/exchange.js';
import type { Translatable } from '../translation/translatable.js';
import { TRANSLATABLE } from '../translation/translations.js';
import { toDeepSeek } from './exchange-options.js';

/** One seller of a protocol, with a model of its own. */
export interface TestVendor {
  readonly vendor: string;
  readonly upstreamModel: string;
}

/** Who speaks each protocol. The first is its owner; the others are worth reading for what they spell differently. */
export const VENDORS: Readonly<Record<ProtocolName, readonly [TestVendor, ...TestVendor[]]>> = {
  'anthropic-messages': [
    { vendor: 'anthropic', upstreamModel: 'claude-sonnet-4-6' },
    { vendor: 'deepseek', upstreamModel: 'deepseek-v4-pro' },
    { vendor: 'moonshot', upstreamModel: 'kimi-k2.6' },
    { vendor: 'zhipu', upstreamModel: 'glm-5.1' },
    { vendor: 'minimax', upstreamModel: 'MiniMax-M2.7' },
    { vendor: 'bytedance', upstreamModel: 'doubao-seed-2-0-pro-260215' },
  ],
  'openai-responses': [
    { vendor: 'openai', upstreamModel: 'gpt-5.6' },
    { vendor: 'deepseek', upstreamModel: 'deepseek-v4-pro' },
    { vendor: 'moonshot', upstreamModel: 'kimi-k2.6' },
    { vendor: 'zhipu', upstreamModel: 'glm-5.1' },
    { vendor: 'minimax', upstreamModel: 'MiniMax-M2.7' },
    { vendor: 'bytedance', upstreamModel: 'doubao-seed-2-0-pro-260215' },
  ],
  'openai-chat': [
    { vendor: 'openai', upstreamModel: 'gpt-5.5' },
    { vendor: 'deepseek', upstreamModel: 'deepseek-v4-pro' },
    { vendor: 'moonshot', upstreamModel: 'kimi-k2.6' },
    { vendor: 'zhipu', upstreamModel: 'glm-5.1' },
    { vendor: 'minimax', upstreamModel: 'MiniMax-M2.7' },
    { vendor: 'bytedance', upstreamModel: 'doubao-seed-2-0-pro-260215' },
  ],
  'gemini-generate': [{ vendor: 'google', upstreamModel: 'gemini-3.1-pro-preview' }],
};

/** The state that each protocol's owner wants back, as its wire carries it. */
export const STATES_OF: Readonly<Record<ProtocolName, Pick<Capsule, 'origin' | 'kind'>>> = {
  'anthropic-messages': { origin: { protocol: 'anthropic-messages' }, kind: 'signature' },
  'openai-responses': { origin: { protocol: 'openai-responses' }, kind: 'encrypted-content' },
  'openai-chat': { origin: { protocol: 'openai-chat' }, kind: 'plain-reasoning' },
  'gemini-generate': { origin: { protocol: 'gemini-generate' }, kind: 'thought-signature' },
};

export interface Pair {
  readonly client: ProtocolName;
  readonly target: ProtocolName;
}

export const protocolNames = PROTOCOL_NAMES;

export const protocols: readonly Translatable[] = PROTOCOL_NAMES.map((name) => TRANSLATABLE[name]);

/** Every ordered pair of protocols, each with itself included. */
export const pairs: readonly Pair[] = PROTOCOL_NAMES.flatMap((client) =>
  PROTOCOL_NAMES.map((target) => ({ client, target })),
);

export const wireOf = (name: ProtocolName): Translatable => TRANSLATABLE[name];

/** A client of one protocol on its way to a vendor of another, by default to the owner of that protocol. */
export const between = (
  { client, target }: Pair,
  { vendor, upstreamModel }: TestVendor = VENDORS[target][0],
): ExchangeOptions => ({ ...toDeepSeek, client, target, vendor, upstreamModel, model: upstreamModel });
