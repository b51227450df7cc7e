import type { CatalogueDocument } from './schema.js';
import { REAL_BASE_ADDRESSES } from './seed/channels.js';
import { seedCatalogue } from './seed/seed-catalogue.js';
import { validateCatalogue } from './validate.js';

const seed = seedCatalogue(REAL_BASE_ADDRESSES);
const [firstChannel] = seed.channels;
const [firstMediaChannel] = seed.mediaChannels;

const cases: readonly { name: string; change: Partial<CatalogueDocument>; problem: string }[] = [
  {
    name: 'a routable model without a price',
    change: { prices: seed.prices.filter(({ model }) => model !== 'gpt-5-4') },
    problem: 'model gpt-5-4 is routable without a price',
  },
  {
    name: 'a price that leaves a class open',
    change: {
      prices: seed.prices.map((price) => ({ ...price, usdPerMillion: { input: '1.00' } })),
    },
    problem: 'price claude-opus-4-8@1 has no output',
  },
  {
    name: 'an image without a price per image',
    change: { prices: seed.prices.map((price) => ({ ...price, usdPerImage: undefined })) },
    problem: 'price gpt-image-2@1 has no usdPerImage',
  },
  {
    name: 'a text model without a limit',
    change: { models: seed.models.map((model) => ({ ...model, maxOutputTokens: 0 })) },
    problem: 'model claude-opus-4-8 has no maxOutputTokens',
  },
  {
    name: 'an alias of nothing',
    change: { aliases: [...seed.aliases, { alias: 'gpt-99', model: 'gpt-98' }] },
    problem: 'alias gpt-99 names gpt-98, which is not in the catalogue',
  },
  {
    name: 'an alias that is also a model',
    change: { aliases: [...seed.aliases, { alias: 'gpt-5.4', model: 'gpt-5-5' }] },
    problem: 'the name gpt-5-4 means two things',
  },
  {
    name: 'a retirement without a successor',
    change: { retirements: [{ slug: 'old', successor: 'new' }] },
    problem: 'retired slug old names new, which is not in the catalogue',
  },
  {
    name: 'a group of nothing',
    change: { groups: seed.groups.map((group) => ({ ...group, models: ['family:llama'] })) },
    problem: 'group default names family:llama, which is not in the catalogue',
  },
  {
    name: 'two groups of one number',
    change: { groups: seed.groups.map((group) => ({ ...group, id: 1 })) },
    problem: 'group 1 is there twice',
  },
  {
    name: 'an unknown vendor',
    change: { channels: [{ ...firstChannel!, vendor: 'acme' }] },
    problem:
      'channel anthropic-anthropic-messages names the unknown vendor acme (known: anthropic, openai, google, deepseek, moonshot, zhipu, minimax, bytedance)',
  },
  {
    name: 'a vendor that does not speak the protocol',
    change: { channels: [{ ...firstChannel!, protocol: 'openai-chat' }] },
    problem: 'channel anthropic-anthropic-messages: anthropic does not speak openai-chat',
  },
  {
    name: 'a text channel of films',
    change: { channels: [{ ...firstChannel!, models: [{ model: 'sora-2', upstreamModel: 'sora-2' }] }] },
    problem: 'channel anthropic-anthropic-messages: sora-2 makes no text',
  },
  {
    name: 'a media channel of a vendor that only writes',
    change: { mediaChannels: [{ ...firstMediaChannel!, vendor: 'deepseek' }] },
    problem: 'channel openai-media: sora-2 is of kind video, which deepseek does not make',
  },
  {
    name: 'a media channel of an unknown vendor',
    change: { mediaChannels: [{ ...firstMediaChannel!, vendor: 'acme' }] },
    problem:
      'channel openai-media names the unknown vendor acme (known: anthropic, openai, google, deepseek, moonshot, zhipu, minimax, bytedance)',
  },
  {
    name: 'a media channel of text',
    change: { mediaChannels: [{ ...firstMediaChannel!, models: [{ model: 'gpt-5-4', upstreamModel: 'gpt-5.4' }] }] },
    problem: 'channel openai-media: gpt-5-4 makes neither pictures nor films',
  },
  {
    name: 'a media channel of unknown models',
    change: { mediaChannels: [{ ...firstMediaChannel!, models: [{ model: 'x', upstreamModel: 'x' }] }] },
    problem: 'channel openai-media names x, which is not in the catalogue',
  },
  {
    name: 'a film that is routable without a price',
    change: { prices: seed.prices.filter(({ model }) => model !== 'sora-2') },
    problem: 'model sora-2 is routable without a price',
  },
  {
    name: 'a media channel with the name of another',
    change: { mediaChannels: [{ ...firstMediaChannel!, id: firstChannel!.id }] },
    problem: 'channel anthropic-anthropic-messages is there twice',
  },
  {
    name: 'a channel of unknown models',
    change: { channels: [{ ...firstChannel!, models: [{ model: 'x', upstreamModel: 'x' }] }] },
    problem: 'channel anthropic-anthropic-messages names x, which is not in the catalogue',
  },
];

describe('validateCatalogue', () => {
  it('takes a document from before there were pictures and films', () => {
    const { mediaChannels: _, ...older } = seed;
    expect(validateCatalogue(older)).toEqual([]);
  });

  it.each(cases)('refuses $name', ({ change, problem }) => {
    expect(validateCatalogue({ ...seed, ...change })).toContain(problem);
  });

  it('names the place of what is not a catalogue at all', () => {
    expect(validateCatalogue({ ...seed, models: 'none' })).toEqual([
      'models: Invalid input: expected array, received string',
    ]);
  });
});
