import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildConfiguration } from './build-catalogue.js';

const folder = mkdtempSync(join(tmpdir(), 'channels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const ENV = {
  DATABASE_URL: 'postgresql://u@127.0.0.1/d',
  KEY_PEPPER: 'a pepper that is long enough',
  CREDENTIALS_KEY: 'unused',
  INGRESS_PORT: 8080,
  CONSOLE_API_PORT: 8081,
  SEED_SIMULATOR: 'http://127.0.0.1:8090',
  SEED_KEYS: { default: '', 'agent-global': '', extended: '', management: '', operator: '' },
};

function build(yaml: string, environment = { HOUSE_KEY: 'sk-house' }) {
  const path = join(folder, 'channels.yaml');
  writeFileSync(path, yaml);
  return buildConfiguration({ ...ENV, SEED_CHANNELS: path }, environment, '2026-11-20');
}

const films = (address: string, upstream = 'gemini-omni-1.1-flash') => `
media_channels:
  - name: films
    vendor: google
    address: ${address}
    credentials: [{ env: HOUSE_KEY }]
    models: [veo-3.1, { id: house-film, upstream: ${upstream}, price: { per_second: "0.30" } }]
`;

const channel = (address: string, env = 'HOUSE_KEY'): string => `
channels:
  - name: house
    vendor: openai
    protocol: openai-chat
    address: ${address}
    credentials: [{ env: ${env} }]
    models: [{ id: house-1, price: { input: "1", output: "2" } }]
`;

describe('buildConfiguration', () => {
  it('has a credential for every channel, of pictures and films too', () => {
    const { catalogue, credentials } = buildConfiguration(ENV, {}, '2026-11-20');
    const channelIds = [...catalogue.channels, ...catalogue.mediaChannels].map(({ id }) => id);
    expect(credentials.map(({ channelId }) => channelId)).toEqual(channelIds);
    expect(credentials).toContainEqual({ channelId: 'google-media', secret: 'sim-google-key', weight: 1 });
  });

  it("sends a vendor's pictures and films to the real thing with its words", () => {
    const { catalogue, credentials } = buildConfiguration(
      ENV,
      { BYTESPIKE_UPSTREAM_OPENAI_API_KEY: 'sk-real' },
      '2026-11-20',
    );
    const addresses = new Map(catalogue.mediaChannels.map(({ id, address }) => [id, address]));
    expect(addresses.get('openai-media')).toBe('https://api.openai.com');
    expect(addresses.get('bytedance-media')).toBe('http://127.0.0.1:8090/ark');
    expect(credentials).toContainEqual({ channelId: 'openai-media', secret: 'sk-real', weight: 1 });
  });

  it("adds the operator's channels with their secrets", () => {
    const { catalogue, credentials } = build(channel('http://127.0.0.1:9000/v1'));
    expect(catalogue.models.map(({ id }) => id)).toContain('house-1');
    expect(credentials).toContainEqual({ channelId: 'house', secret: 'sk-house', weight: 1 });
  });

  it("adds the operator's accounts for pictures and films with their secrets", () => {
    const { catalogue, credentials } = build(films('http://127.0.0.1:9000'));
    const served = catalogue.mediaChannels.find(({ id }) => id === 'films')?.models.map(({ model }) => model);
    expect(served).toEqual(['veo-3.1', 'house-film']);
    expect(credentials).toContainEqual({ channelId: 'films', secret: 'sk-house', weight: 1 });
  });

  it.each([
    { name: 'a file that is no YAML', yaml: 'channels: [\n', told: /channels\.yaml: [^\n]+$/ },
    { name: 'a field that is wrong', yaml: 'channels: 5\n', told: /channels\.yaml: channels: [^\n]+$/ },
    { name: 'this gateway itself', yaml: channel('http://localhost:8080/v1'), told: /house points at this gateway/ },
    {
      name: 'this gateway itself, for films',
      yaml: films('http://localhost:8080'),
      told: /films points at this gateway/,
    },
    {
      name: 'a film that nobody has described',
      yaml: films('http://127.0.0.1:9000', 'omni-9'),
      told: /house-film at upstream omni-9, whose sizes and lengths nobody has described$/,
    },
    { name: 'a secret that is not there', yaml: channel('http://127.0.0.1:9000', 'NOTHING'), told: /NOTHING/ },
  ])('says in one line what is wrong with $name', ({ yaml, told }) => {
    expect(() => build(yaml)).toThrow(told);
  });
});
