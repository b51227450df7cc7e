import { indexCatalogue, seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import { ModelCard } from '@bytespike/contracts';

import { modelCards } from './model-cards.js';
import { buildRouteTable } from './route-table.js';

const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const cardsOf = (groupId: string, channels = seed.channels) =>
  modelCards(buildRouteTable(indexCatalogue({ ...seed, channels })).groups.get(groupId)!);
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

  it('does not offer a text model that no channel serves', () => {
    const withoutOpenAi = seed.channels.filter(({ vendor }) => vendor !== 'openai');
    expect(cardsOf('3', withoutOpenAi).map(({ id }) => id)).toEqual([
      'gpt-image-2',
      'gpt-image-2-official',
      'gpt-4o-image',
      'sora-2',
      'sora-2-pro',
    ]);
  });
});
