import { indexCatalogue, seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import type { CatalogueDocument } from '@bytespike/catalog';
import { ModelCard } from '@bytespike/contracts';

import { modelCard, modelCards } from './model-cards.js';
import { buildRouteTable } from './route-table.js';

const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const cardsOf = (groupId: string, change: Partial<CatalogueDocument> = {}) =>
  modelCards(buildRouteTable(indexCatalogue({ ...seed, ...change })).groups.get(groupId)!);
const protocolsOf = (groupId: string, id: string) => cardsOf(groupId).find((card) => card.id === id)?.protocols;

describe('modelCards', () => {
  it('shows every model of the default group, as the contract types it', () => {
    const cards = cardsOf('1');
    expect(cards.map(({ id }) => id)).toEqual(seed.models.map(({ id }) => id));
    expect(cards.map((card) => ModelCard.parse(card))).toEqual(cards);
  });

  it.each([
    [
      '1',
      'gemini-3-1-pro',
      {
        'anthropic-messages': 'translated',
        'openai-responses': 'translated',
        'openai-chat': 'shim',
        'gemini-generate': 'native',
      },
    ],
    ['1', 'glm-5', { 'anthropic-messages': 'planned', 'openai-chat': 'native' }],
    ['7', 'glm-5', { 'openai-chat': 'native' }],
    ['6', 'gpt-5-4', { 'openai-responses': 'native', 'openai-chat': 'native' }],
    [
      '8',
      'claude-haiku-4-5',
      {
        'anthropic-messages': 'native',
        'openai-responses': 'translated',
        'openai-chat': 'translated',
        'gemini-generate': 'translated',
      },
    ],
    ['1', 'sora-2', {}],
    ['2', 'gpt-5-4', undefined],
  ])('opens in group %s of %s: %o', (groupId, id, protocols) => {
    expect(protocolsOf(groupId, id)).toEqual(protocols);
  });

  it.each([
    ['1', 'gpt-5-4', 'gpt-5-4'],
    ['1', 'gpt-5.4', 'gpt-5-4'],
    ['1', 'gpt-4o', 'gpt-5-4'],
    ['2', 'claude-3-5-sonnet-20241022', 'claude-sonnet-4-6'],
    ['1', 'sora2', 'sora-2'],
  ])('finds in group %s, under the name %s, %s', (groupId, name, id) => {
    const table = buildRouteTable(indexCatalogue(seed));
    const routes = table.groups.get(groupId)!;
    expect(modelCard(table, routes, name)).toEqual(modelCards(routes).find((card) => card.id === id));
  });

  it.each([
    ['1', 'nobody', 'model-not-found'],
    ['1', 'deepseek-chat', 'retired-model'],
    ['2', 'gpt-4o', 'model-not-in-group'],
  ])('refuses in group %s the name %s: %s', (groupId, name, kind) => {
    const table = buildRouteTable(indexCatalogue(seed));
    const read = (): ModelCard => modelCard(table, table.groups.get(groupId)!, name);
    expect(read).toThrow(expect.objectContaining({ kind }));
  });

  it.each([
    ['gpt-image-2', ['images', 'tasks']],
    ['seedream-4.5', ['images', 'tasks']],
    ['veo-3.1', ['tasks']],
    ['gpt-5-4', []],
  ])('says by which doors %s is had: %j', (id, surfaces) => {
    expect(cardsOf('1').find((card) => card.id === id)?.surfaces).toEqual(surfaces);
  });

  it('does not offer what no channel serves, be it text or films', () => {
    const channels = seed.channels.filter(({ vendor }) => vendor !== 'openai');
    const mediaChannels = seed.mediaChannels.filter(({ vendor }) => vendor !== 'openai');
    expect(cardsOf('3', { channels }).map(({ id }) => id)).toEqual([
      'gpt-image-2',
      'gpt-image-2-official',
      'gpt-4o-image',
      'sora-2',
      'sora-2-pro',
    ]);
    expect(cardsOf('3', { mediaChannels }).map(({ id }) => id)).toEqual(
      seed.models.filter(({ family, kind }) => family === 'gpt' && kind === 'text').map(({ id }) => id),
    );
    expect(cardsOf('3', { channels, mediaChannels })).toEqual([]);
  });
});
