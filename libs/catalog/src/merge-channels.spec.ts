import { readChannelFile } from './channel-file.js';
import { groupMembers } from './group-members.js';
import { indexCatalogue, priceOn } from './index-catalogue.js';
import { mergeChannelFile } from './merge-channels.js';
import { REAL_BASE_ADDRESSES } from './seed/channels.js';
import { seedCatalogue } from './seed/seed-catalogue.js';
import { validateCatalogue } from './validate.js';

const seed = seedCatalogue(REAL_BASE_ADDRESSES);
const today = '2026-11-20';

const channel = {
  name: 'anthropic-main',
  vendor: 'anthropic',
  protocol: 'anthropic-messages',
  address: 'https://api.anthropic.com/',
  credentials: [{ env: 'MY_ANTHROPIC_KEY', weight: 2 }],
  models: [
    'claude-sonnet-4-6',
    {
      id: 'house-model',
      upstream: 'some-model-2026',
      capabilities: ['text', 'tool_use', 'vision', 'thinking'],
      price: { input: '1.00', output: '4.00', cache_read: '0.10' },
      groups: ['default', 'extended'],
    },
  ],
};
const merge = (...channels: readonly object[]) => mergeChannelFile(seed, readChannelFile({ channels }), today);
const films = {
  name: 'google-films',
  vendor: 'google',
  address: 'https://generativelanguage.googleapis.com/',
  credentials: [{ env: 'MY_GOOGLE_KEY' }],
  models: [
    'veo-3.1',
    { id: 'house-film', upstream: 'gemini-omni-1.1-flash', price: { per_second: '0.30' }, groups: ['default'] },
  ],
};
const mergeMedia = (...media: readonly object[]) =>
  mergeChannelFile(seed, readChannelFile({ media_channels: media }), today);
const groupsOf = (catalogue: typeof seed, model: string) =>
  catalogue.groups
    .filter((group) => groupMembers(group, catalogue.models).some(({ id }) => id === model))
    .map(({ name }) => name);

describe('mergeChannelFile', () => {
  it('gives named models to the file and leaves the rest where it was', () => {
    const { catalogue, credentials } = merge(channel);
    const serving = (model: string) =>
      catalogue.channels.filter(({ models }) => models.some((one) => one.model === model)).map(({ id }) => id);
    expect(validateCatalogue(catalogue)).toEqual([]);
    expect(serving('claude-sonnet-4-6')).toEqual(['anthropic-main']);
    expect(serving('claude-haiku-4-5')).toEqual(['anthropic-anthropic-messages']);
    expect(catalogue.channels.at(-1)).toEqual({
      id: 'anthropic-main',
      name: 'anthropic-main',
      vendor: 'anthropic',
      protocol: 'anthropic-messages',
      address: 'https://api.anthropic.com',
      weight: 1,
      models: [
        { model: 'claude-sonnet-4-6', upstreamModel: 'claude-sonnet-4-6' },
        { model: 'house-model', upstreamModel: 'some-model-2026' },
      ],
    });
    expect(credentials).toEqual([{ channelId: 'anthropic-main', env: 'MY_ANTHROPIC_KEY', weight: 2 }]);
  });

  it('adds a model of the house with its price and its groups', () => {
    const { catalogue } = merge(channel);
    const index = indexCatalogue(catalogue);
    expect(index.modelsById.get('house-model')).toMatchObject({
      family: 'other',
      maker: 'anthropic',
      inputModalities: ['text', 'image'],
      cells: { 'anthropic-messages': 'native', 'openai-chat': 'translated' },
    });
    expect(priceOn(index, 'house-model', today)?.usdPerMillion).toMatchObject({
      input: '1.00',
      output: '4.00',
      reasoning: '4.00',
      cacheRead: '0.10',
    });
    expect(groupsOf(catalogue, 'house-model')).toEqual(['default', 'extended']);
  });

  it('keeps a model out of the groups it does not name', () => {
    const house = { ...(channel.models[1] as object), groups: ['claude-default'] };
    const { catalogue } = merge({ ...channel, models: [house] });
    expect(groupsOf(catalogue, 'house-model')).toEqual(['claude-default']);
  });

  it('uses the vendor name of a catalogue model', () => {
    const { catalogue } = merge({
      ...channel,
      name: 'openai-main',
      vendor: 'openai',
      protocol: 'openai-chat',
      models: ['gpt-5-4'],
    });
    expect(catalogue.channels.at(-1)?.models).toEqual([{ model: 'gpt-5-4', upstreamModel: 'gpt-5.4' }]);
  });

  it('takes the same facts again, of a catalogue model and of a new one at two channels', () => {
    const sonnet = indexCatalogue(seed).modelsById.get('claude-sonnet-4-6')!;
    const facts = {
      id: sonnet.id,
      display_name: sonnet.displayName,
      capabilities: sonnet.capabilities.filter((one) => one !== 'streaming'),
      context_window: sonnet.contextWindow,
      max_output_tokens: sonnet.maxOutputTokens,
    };
    const { catalogue } = merge({ ...channel, models: [facts, channel.models[1]] }, { ...channel, name: 'second' });
    expect(indexCatalogue(catalogue).modelsById.get(sonnet.id)).toEqual(sonnet);
  });

  it('changes nothing when merged again', () => {
    const file = readChannelFile({ channels: [channel] });
    const once = mergeChannelFile(seed, file, today).catalogue;
    expect(mergeChannelFile(once, file, '2026-12-01').catalogue).toEqual(once);
  });

  it('never gives two prices one version, whether merged into the seed or into itself', () => {
    const house = channel.models[1] as object;
    const dearer = { ...house, price: { input: '2.00', output: '4.00' } };
    const before = merge(channel).catalogue;
    const afresh = merge({ ...channel, models: [dearer] }).catalogue;
    const onTop = mergeChannelFile(before, readChannelFile({ channels: [{ ...channel, models: [dearer] }] }), today);
    const inForce = [before, afresh, onTop.catalogue].map((one) => priceOn(indexCatalogue(one), 'house-model', today));
    expect(inForce.map((price) => price?.usdPerMillion.input)).toEqual(['1.00', '2.00', '2.00']);
    expect(inForce[1]).toEqual(inForce[2]);
    expect(inForce[0]?.id).not.toBe(inForce[1]?.id);
  });

  it('sells a catalogue model at the price of the file', () => {
    const cheaper = { id: 'claude-sonnet-4-6', price: { input: '2.50', output: '12.00', cache_write_1h: '5.00' } };
    const index = indexCatalogue(merge({ ...channel, models: [cheaper] }).catalogue);
    expect(priceOn(index, 'claude-sonnet-4-6', today)?.usdPerMillion).toMatchObject({
      input: '2.50',
      cacheWrite5m: '2.50',
      cacheWrite1h: '5.00',
      reasoning: '12.00',
    });
    const listed = index.document.prices.find(({ id }) => id === 'claude-sonnet-4-6@1');
    expect(listed?.usdPerMillion.input).toBe('3.00');
  });

  it('gives films to the file as well, and leaves what is written by the same vendor where it was', () => {
    const { catalogue, credentials } = mergeMedia(films);
    const serving = (model: string) =>
      catalogue.mediaChannels.filter(({ models }) => models.some((one) => one.model === model)).map(({ id }) => id);
    expect(validateCatalogue(catalogue)).toEqual([]);
    expect(catalogue.channels).toEqual(seed.channels);
    expect(serving('veo-3.1')).toEqual(['google-films']);
    expect(serving('veo-3.1-fast')).toEqual(['google-media']);
    expect(catalogue.mediaChannels.at(-1)).toEqual({
      id: 'google-films',
      name: 'google-films',
      vendor: 'google',
      address: 'https://generativelanguage.googleapis.com',
      weight: 1,
      models: [
        { model: 'veo-3.1', upstreamModel: 'veo-3.1-generate-preview' },
        { model: 'house-film', upstreamModel: 'gemini-omni-1.1-flash' },
      ],
    });
    expect(credentials).toEqual([{ channelId: 'google-films', env: 'MY_GOOGLE_KEY', weight: 1 }]);
    expect(groupsOf(catalogue, 'house-film')).toEqual(['default']);
  });

  it.each([
    [{ per_second: '0.30' }, 'video', { usdPerSecond: '0.30' }],
    [{ per_image: '0.02' }, 'image', { usdPerImage: '0.02' }],
  ])('knows by its price %j that a model makes %s', (price, kind, unit) => {
    const index = indexCatalogue(mergeMedia({ ...films, models: [{ id: 'house-art', price }] }).catalogue);
    expect(index.modelsById.get('house-art')).toMatchObject({
      kind,
      capabilities: [`${kind}_generate`],
      outputModalities: [kind],
      cells: {},
    });
    expect(priceOn(index, 'house-art', today)).toMatchObject(unit);
  });

  it('sells films of the catalogue at the price of the file, and never two prices under one version', () => {
    const at = (usd: string) =>
      priceOn(
        indexCatalogue(mergeMedia({ ...films, models: [{ id: 'veo-3.1', price: { per_second: usd } }] }).catalogue),
        'veo-3.1',
        today,
      );
    expect([at('0.45')?.usdPerSecond, at('0.50')?.usdPerSecond]).toEqual(['0.45', '0.50']);
    expect(at('0.45')?.id).not.toBe(at('0.50')?.id);
  });

  it.each([
    [
      'a film sold by the picture',
      { ...films, models: [{ id: 'veo-3.1', price: { per_image: '1' } }] },
      /^price veo-3\.1@\w+ has no usdPerSecond$/,
    ],
    [
      'a price of two units',
      { ...films, models: [{ id: 'house-film', price: { per_image: '1', per_second: '1' } }] },
      /^media_channels\.0\.models\.0\.price: must be either per_image or per_second, a decimal in quotes, USD$/,
    ],
    [
      'a new film without a price',
      { ...films, models: ['house-film'] },
      /^model house-film is not in the catalogue and has no price$/,
    ],
    [
      'another display_name of a film in the catalogue',
      { ...films, models: [{ id: 'veo-3.1', display_name: 'Mine' }] },
      /^model veo-3\.1 is in the catalogue with its own display_name: leave display_name out$/,
    ],
    [
      'another spelling of a film',
      { ...films, models: ['veo3.1'] },
      /^model veo3\.1 is another name of veo-3\.1: name it so$/,
    ],
    ['a film of a vendor that makes none', { ...films, vendor: 'anthropic' }, /which anthropic does not make$/],
    ['text', { ...films, models: ['gemini-3-1-pro'] }, /^channel google-films: gemini-3-1-pro makes neither/],
    ['a protocol', { ...films, protocol: 'gemini-generate' }, /^media_channels\.0: Unrecognized key: "protocol"$/],
  ])('refuses among pictures and films %s in one line', (_name, bad, message) => {
    expect(() => mergeMedia(bad)).toThrow(message);
  });

  it('refuses one name for channels of both sorts, and a file without any', () => {
    const twice = { channels: [channel], media_channels: [{ ...films, name: channel.name }] };
    expect(() => mergeChannelFile(seed, readChannelFile(twice), today)).toThrow(
      'channel anthropic-main is there twice',
    );
    expect(() => readChannelFile({})).toThrow('the file: names no channel');
  });

  it.each([
    ['no credential', { ...channel, credentials: [] }, /^channels\.0\.credentials: /],
    ['an unknown vendor', { ...channel, vendor: 'acme' }, /^channels\.0\.vendor: /],
    [
      'an address of another kind',
      { ...channel, address: 'ftp://x.example' },
      /^channels\.0\.address: must be an http/,
    ],
    [
      'a price that is a number',
      { ...channel, models: [{ id: 'm', price: { input: 1, output: '2' } }] },
      /^channels\.0\.models\.0\.price\.input: must be a decimal in quotes, USD per million$/,
    ],
    ['a field nobody reads', { ...channel, url: 'x' }, /^channels\.0: Unrecognized key: "url"$/],
    [
      'a new model without a price',
      { ...channel, models: ['house-model'] },
      /^model house-model is not in the catalogue and has no price$/,
    ],
    [
      'another spelling of a catalogue model',
      { ...channel, models: ['claude-sonnet-4.6'] },
      /^model claude-sonnet-4\.6 is another name of claude-sonnet-4-6: name it so$/,
    ],
    [
      'an alias, also with a price of its own',
      { ...channel, models: [{ id: 'sonnet', price: { input: '1', output: '2' } }] },
      /^model sonnet is another name of claude-sonnet-4-6: name it so$/,
    ],
    [
      'a retired model',
      { ...channel, models: [seed.retirements[0]!.slug] },
      new RegExp(`^model ${seed.retirements[0]!.slug} is retired: name ${seed.retirements[0]!.successor}$`),
    ],
    ...[
      { display_name: 'Mine' },
      { capabilities: ['text'] },
      { context_window: 1_000 },
      { max_output_tokens: 1_000 },
    ].map((facts): [string, object, RegExp] => [
      `another ${Object.keys(facts).join()} of a catalogue model`,
      { ...channel, models: [{ id: 'claude-sonnet-4-6', ...facts }] },
      new RegExp(
        `^model claude-sonnet-4-6 is in the catalogue with its own ${Object.keys(facts).join()}: leave ${Object.keys(facts).join()} out$`,
      ),
    ]),
    [
      'a new model that is another at its second channel',
      { ...channel, models: [channel.models[1], { ...(channel.models[1] as object), capabilities: ['text'] }] },
      /^model house-model is in the catalogue with its own capabilities: leave capabilities out$/,
    ],
    [
      'a protocol the vendor lacks',
      { ...channel, protocol: 'openai-chat' },
      /^channel anthropic-main: anthropic does not speak openai-chat$/,
    ],
    [
      'an unknown group',
      { ...channel, models: [{ id: 'claude-sonnet-4-6', groups: ['vip'] }] },
      /^model claude-sonnet-4-6 names the unknown group vip$/,
    ],
  ])('refuses %s in one line', (_name, bad, message) => {
    expect(() => merge(bad)).toThrow(message);
  });
});
