import { indexCatalogue, modelNameKey, seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import type { CatalogueDocument, MediaChannel } from '@bytespike/catalog';
import { MediaPlan } from '@bytespike/contracts';

import { planMedia, type MediaPlanRequest } from './plan-media.js';
import type { Moment } from './plan-request.js';
import { buildRouteTable } from './route-table.js';

const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const tableOf = (change: Partial<CatalogueDocument> = {}) => buildRouteTable(indexCatalogue({ ...seed, ...change }));
const table = tableOf();

const DEFAULT = '1';
const CLAUDE_ONLY = '2';
const OPENAI_ONLY = '3';
const AGENT_CHINA = '7';
const BOTH = ['image', 'video'] as const;
const moment: Moment = { nowMs: Date.parse('2026-11-20'), random: () => 0, closedUntil: () => undefined };

const plan = (change: Partial<MediaPlanRequest>, in_ = table, when: Partial<Moment> = {}) =>
  planMedia(in_, { groupId: DEFAULT, model: 'veo-3.1', kinds: BOTH, ...change }, { ...moment, ...when });
const refusal = (...asked: Parameters<typeof plan>) => {
  try {
    plan(...asked);
  } catch (error) {
    return error;
  }
  throw new Error('was planned');
};

describe('planMedia', () => {
  it('answers everything that the adapter needs', () => {
    const planned = plan({ model: 'veo3.1' });
    expect(planned).toEqual({
      model: 'veo-3.1',
      alias: 'veo3.1',
      kind: 'video',
      targets: [
        {
          channelId: 'google-media',
          vendor: 'google',
          model: 'veo-3.1',
          upstreamModel: 'veo-3.1-generate-preview',
          priceVersion: 'veo-3.1@1',
          kind: 'video',
        },
      ],
    });
    expect(MediaPlan.parse(planned)).toEqual(planned);
  });

  it.each(seed.models.filter(({ kind }) => kind !== 'text').map(({ id, kind, maker }) => ({ id, kind, maker })))(
    'reaches $id under every name of it',
    ({ id, kind, maker }) => {
      const aliases = seed.aliases.filter(({ model }) => model === id).map(({ alias }) => alias);
      for (const model of [id, modelNameKey(id), id.toUpperCase(), ...aliases])
        expect(plan({ model })).toMatchObject({ model: id, kind, targets: [{ channelId: `${maker}-media` }] });
    },
  );

  it('names no alias where the model was asked for by its own name', () => {
    expect(plan({})).not.toHaveProperty('alias');
  });

  it('serves agents too: nothing here is translated', () => {
    expect(plan({ groupId: AGENT_CHINA, model: 'seedance2' }).model).toBe('seedance-2.0');
  });

  it.each([
    ['a group that is gone', { groupId: '99' }, 'forbidden', /no longer exists/],
    ['a name nobody has', { model: 'sora-9' }, 'model-not-found', /no model "sora-9" in the group/],
    ['a retired name', { model: 'deepseek-chat' }, 'retired-model', /deepseek-v4-flash/],
    ['a model of another group', { groupId: CLAUDE_ONLY }, 'model-not-in-group', /group "claude-default"/],
    [
      'text',
      { groupId: OPENAI_ONLY, model: 'gpt-5-4' },
      'invalid-request',
      'model: gpt-5-4 does not make images or video. Models that do: gpt-image-2, gpt-image-2-official, gpt-4o-image, sora-2, sora-2-pro.',
    ],
    [
      'a film where pictures are wanted',
      { groupId: OPENAI_ONLY, model: 'sora-2', kinds: ['image'] },
      'invalid-request',
      'model: sora-2 does not make images. Models that do: gpt-image-2, gpt-image-2-official, gpt-4o-image.',
    ],
    [
      'text in a group of text',
      { groupId: CLAUDE_ONLY, model: 'claude-sonnet-4-6' },
      'invalid-request',
      "model: claude-sonnet-4-6 does not make images or video. No model of this API key's group does.",
    ],
  ] as const)('refuses %s', (_name, change, kind, message) => {
    expect(refusal(change)).toMatchObject({
      kind,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('names the field that is wrong, for clients that read it', () => {
    expect(refusal({ model: 'gpt-5-4' })).toMatchObject({ details: { param: 'model' } });
  });

  it('does not promise what no channel makes, nor what has no price yet', () => {
    expect(refusal({}, tableOf({ mediaChannels: [] }))).toMatchObject({ kind: 'model-not-found' });
    expect(refusal({}, table, { nowMs: Date.parse('2025-12-31') })).toMatchObject({ kind: 'model-not-found' });
    const noGoogle = tableOf({ mediaChannels: seed.mediaChannels.filter(({ vendor }) => vendor !== 'google') });
    expect(refusal({ groupId: '4', model: 'gemini-3-1-pro' }, noGoogle)).toMatchObject({
      message: expect.stringMatching(/No model of this API key's group does\.$/),
    });
  });
});

describe('planMedia over several channels', () => {
  const google = seed.mediaChannels.find(({ vendor }) => vendor === 'google')!;
  const named = (id: string, weight: number): MediaChannel => ({ ...google, id, weight });
  const four = tableOf({ mediaChannels: [named('a', 1), named('b', 1), named('c', 2), named('d', 1)] });
  const order = (when: Partial<Moment>) => plan({}, four, when).targets.map(({ channelId }) => channelId);
  const open =
    (until: Record<string, number>): Moment['closedUntil'] =>
    (channelId, upstreamModel) =>
      upstreamModel === 'veo-3.1-generate-preview' ? until[channelId] : undefined;

  it('orders by weight and chance, and names no more than can be tried', () => {
    expect(order({ random: () => 0 })).toEqual(['a', 'b', 'c']);
    expect(order({ random: () => 0.5 })).toEqual(['c', 'b', 'd']);
  });

  it('gives each channel its share of the traffic', () => {
    const firsts = Array.from({ length: 50 }, (_, index) => order({ random: () => index / 50 })[0]);
    expect(['a', 'b', 'c', 'd'].map((id) => firsts.filter((first) => first === id).length)).toEqual([10, 10, 20, 10]);
  });

  it('passes over channels whose circuit is open for this model, and over no other', () => {
    const closedUntil = open({ a: moment.nowMs + 1, c: moment.nowMs + 1 });
    expect(order({ closedUntil })).toEqual(['b', 'd']);
    expect(plan({ model: 'veo-3.1-fast' }, four, { closedUntil }).targets).toHaveLength(3);
  });

  it('says when to come back when all are open', () => {
    const soonest = moment.nowMs + 5_000;
    const closedUntil = open({ a: soonest + 2, b: soonest, c: soonest + 1, d: soonest + 3 });
    expect(refusal({}, four, { closedUntil })).toMatchObject({ kind: 'unavailable', retryAfterMs: 5_000 });
  });
});
