// A model per vendor wire, so that a test can name the wire it wants to be translated to. They come in a channel file,
// as a provider's own accounts do.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { root } from '../infra/places.mjs';

/** The variable that the file's channels read their credential from, and a key that the simulator accepts. */
export const VENDOR_KEY = { E2E_VENDOR_KEY: 'sim-e2e-key' };

const CAPABILITIES = ['tool_use', 'parallel_tools', 'thinking', 'auto_cache', 'json_schema', 'json_object'];
const SEEING = ['vision', 'web_search', 'cache_control', 'logprobs'];
const PRICE = { input: '1.00', output: '2.00', cache_read: '0.10', cache_write_5m: '1.25', cache_write_1h: '2.00' };

/** One model at two vendors: the first is nearly always asked first, and the other answers when it fails. */
const failoverChannels = (simulatorPort) =>
  [
    { name: 'first', vendor: 'anthropic', path: '/anthropic', upstream: 'claude-sonnet-4-6', weight: 1_000_000 },
    { name: 'second', vendor: 'deepseek', path: '/deepseek/anthropic', upstream: 'deepseek-v4-pro', weight: 1 },
  ].map(({ name, vendor, path, upstream, weight }) => ({
    ...{ name: `e2e-failover-${name}`, vendor, protocol: 'anthropic-messages', weight },
    address: `http://127.0.0.1:${simulatorPort}${path}`,
    credentials: [{ env: Object.keys(VENDOR_KEY)[0] }],
    models: [{ id: 'e2e-failover', upstream, groups: ['extended'], capabilities: CAPABILITIES, price: PRICE }],
  }));

/** Films by Gemini's interactions, which the catalogue does not sell (media-ledger-reliability 1.3). */
const filmChannels = (simulatorPort) => [
  {
    ...{ name: 'e2e-omni', vendor: 'google', address: `http://127.0.0.1:${simulatorPort}/gemini` },
    credentials: [{ env: Object.keys(VENDOR_KEY)[0] }],
    models: [
      { id: 'e2e-omni', upstream: 'gemini-omni-1.1-flash', groups: ['extended'], price: { per_second: '0.15' } },
    ],
  },
];

/** Writes the channel file of the end-to-end tests into `folder` and answers its path. */
export function writeWireChannels(folder, simulatorPort) {
  const models = JSON.parse(readFileSync(join(root, 'test/e2e/wire-models.json'), 'utf8'));
  const channels = models.map(({ id, vendor, protocol, path, upstream, sees }) => ({
    ...{ name: id, vendor, protocol, address: `http://127.0.0.1:${simulatorPort}${path}` },
    credentials: [{ env: Object.keys(VENDOR_KEY)[0] }],
    models: [
      {
        ...{ id, upstream, groups: ['extended'] },
        capabilities: sees ? [...CAPABILITIES, ...SEEING] : CAPABILITIES,
        price: sees ? { ...PRICE, search_calls: '10000.00' } : PRICE,
      },
    ],
  }));
  channels.push(...failoverChannels(simulatorPort));
  const file = join(folder, 'channels.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ channels, media_channels: filmChannels(simulatorPort) }));
  return file;
}
