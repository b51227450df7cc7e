import { indexCatalogue, seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import type { CatalogueDocument, Channel } from '@bytespike/catalog';

import { planRequest } from './plan-request.js';
import type { Moment, PlanRequest } from './plan-request.js';
import { buildRouteTable } from './route-table.js';

const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const tableOf = (change: Partial<CatalogueDocument> = {}) => buildRouteTable(indexCatalogue({ ...seed, ...change }));
const table = tableOf();

const DEFAULT = '1';
const CLAUDE_ONLY = '2';
const AGENT_GLOBAL = '6';
const AGENT_CHINA = '7';
const EXTENDED = '8';
const NOTHING = { stream: false, tools: false, vision: false, thinking: false, state: false, capsule: false };
const moment: Moment = { nowMs: Date.parse('2026-11-20'), random: () => 0, closedUntil: () => undefined };

const request = (change: Partial<PlanRequest>): PlanRequest => ({
  groupId: DEFAULT,
  protocol: 'anthropic-messages',
  operation: 'generate',
  model: 'claude-sonnet-4-6',
  features: NOTHING,
  ...change,
});
const asking = (feature: Partial<PlanRequest['features']>) => ({ features: { ...NOTHING, ...feature } });
const plan = (change: Partial<PlanRequest>, when: Partial<Moment> = {}) =>
  planRequest(table, request(change), { ...moment, ...when });
const way = (change: Partial<PlanRequest>) => {
  const { model, targets } = plan(change);
  return [model, ...targets.map(({ channelId, lane }) => `${lane} ${channelId}`)];
};
const refusal = (change: Partial<PlanRequest>, in_ = table, when: Partial<Moment> = {}) => {
  try {
    planRequest(in_, request(change), { ...moment, ...when });
  } catch (error) {
    return error;
  }
  throw new Error('was served');
};

describe('planRequest', () => {
  it('answers everything the adapter needs', () => {
    expect(plan({ model: 'gpt-4o', protocol: 'openai-responses' })).toEqual({
      model: 'gpt-5-4',
      alias: 'gpt-4o',
      maxOutputTokens: 16_384,
      targets: [
        {
          channelId: 'openai-openai-responses',
          vendor: 'openai',
          model: 'gpt-5-4',
          upstreamModel: 'gpt-5.4',
          protocol: 'openai-responses',
          lane: 'raw',
          priceVersion: 'gpt-5-4@1',
        },
      ],
    });
  });

  it('names no alias where the model was asked for by its own name', () => {
    expect(plan({})).not.toHaveProperty('alias');
  });

  it.each([
    ['Claude natively', {}, ['claude-sonnet-4-6', 'raw anthropic-anthropic-messages']],
    ['Claude with tools', asking({ tools: true }), ['claude-sonnet-4-6', 'raw anthropic-anthropic-messages']],
    ['Claude on Chat', { protocol: 'openai-chat' }, ['claude-sonnet-4-6', 'ir anthropic-anthropic-messages']],
    ['Claude on Responses', { protocol: 'openai-responses' }, ['claude-sonnet-4-6', 'ir anthropic-anthropic-messages']],
    ['GPT on Chat', { model: 'gpt-5.4', protocol: 'openai-chat' }, ['gpt-5-4', 'raw openai-openai-chat']],
    ['GPT on Messages', { model: 'gpt-5-4' }, ['gpt-5-4', 'ir openai-openai-responses']],
    [
      'GPT on Messages with tools',
      { model: 'gpt-5-4', ...asking({ tools: true }) },
      ['gpt-5-4', 'ir openai-openai-responses'],
    ],
    [
      'Gemini natively',
      { model: 'gemini-3.1-pro', protocol: 'gemini-generate' },
      ['gemini-3-1-pro', 'raw google-gemini-generate'],
    ],
    [
      'Gemini by shim',
      { model: 'gemini-3-flash', protocol: 'openai-chat' },
      ['gemini-3-flash', 'ir google-gemini-generate'],
    ],
    ['DeepSeek on Messages', { model: 'deepseek-v4-pro' }, ['deepseek-v4-pro', 'raw deepseek-anthropic-messages']],
    ['Kimi on Messages', { model: 'kimi-k2.6' }, ['kimi-k2-6', 'raw moonshot-anthropic-messages']],
    ['a planned cell without tools', { model: 'glm-5-1' }, ['glm-5-1', 'ir zhipu-openai-chat']],
    [
      'an empty cell in the extended group',
      { groupId: EXTENDED, protocol: 'gemini-generate' },
      ['claude-sonnet-4-6', 'ir anthropic-anthropic-messages'],
    ],
    [
      'an empty cell with tools in the extended group',
      { groupId: EXTENDED, protocol: 'gemini-generate', ...asking({ tools: true }) },
      ['claude-sonnet-4-6', 'ir anthropic-anthropic-messages'],
    ],
    [
      'an agent natively',
      { groupId: AGENT_GLOBAL, model: 'deepseek-v4-flash' },
      ['deepseek-v4-flash', 'raw deepseek-anthropic-messages'],
    ],
    [
      'state of ours',
      { model: 'gpt-5-4', protocol: 'openai-responses', ...asking({ state: true }) },
      ['gpt-5-4', 'ir openai-openai-responses'],
    ],
    ['a capsule of ours', asking({ capsule: true }), ['claude-sonnet-4-6', 'ir anthropic-anthropic-messages']],
    [
      'thinking, wherever it is asked',
      { model: 'claude-haiku-4-5', ...asking({ thinking: true }) },
      ['claude-haiku-4-5', 'raw anthropic-anthropic-messages'],
    ],
    [
      'images to a model that sees',
      { model: 'glm-5-1', protocol: 'openai-chat', ...asking({ vision: true }) },
      ['glm-5-1', 'raw zhipu-openai-chat'],
    ],
    [
      'a count where the vendor counts',
      { operation: 'count' },
      ['claude-sonnet-4-6', 'raw anthropic-anthropic-messages'],
    ],
    [
      'a count of state of ours, by the same vendor',
      { model: 'gpt-5-4', protocol: 'openai-responses', operation: 'count', ...asking({ state: true }) },
      ['gpt-5-4', 'ir openai-openai-responses'],
    ],
    [
      'a count on another wire, where its vendor counts there',
      { model: 'gpt-5-4', operation: 'count' },
      ['gpt-5-4', 'ir openai-openai-responses'],
    ],
    [
      'a count that nobody makes, for an estimate',
      { model: 'deepseek-v4-pro', operation: 'count' },
      ['deepseek-v4-pro', 'ir deepseek-anthropic-messages'],
    ],
  ] as const)('serves %s', (_name, change, expected) => {
    expect(way(change)).toEqual(expected);
  });

  it.each([
    [
      'a group that is gone',
      { groupId: '99' },
      'forbidden',
      "This API key's routing group no longer exists. Bind the key to another one.",
    ],
    [
      'an unknown model',
      { model: 'gpt-99' },
      'model-not-found',
      'The model "gpt-99" does not exist or is not served on anthropic-messages.',
    ],
    [
      'an empty cell',
      { model: 'claude-sonnet-4-6', protocol: 'gemini-generate' },
      'model-not-found',
      'The model "claude-sonnet-4-6" does not exist or is not served on gemini-generate.',
    ],
    [
      'an image model on a text protocol',
      { groupId: EXTENDED, model: 'gpt-image-2', protocol: 'openai-chat' },
      'model-not-found',
      'The model "gpt-image-2" does not exist or is not served on openai-chat.',
    ],
    [
      'a translated cell to an agent',
      { groupId: AGENT_GLOBAL, model: 'gpt-5-4' },
      'model-not-found',
      'The model "gpt-5-4" does not exist or is not served on anthropic-messages. This API key\'s group serves native protocols only. Eligible models: claude-opus-4-8, claude-opus-4-7, claude-opus-4-6, claude-opus-4-5, claude-sonnet-4-6, claude-sonnet-4-5, claude-haiku-4-5, deepseek-v4-pro, deepseek-v4-flash, deepseek-v3-anthropic.',
    ],
    [
      'a planned cell to an agent',
      { groupId: AGENT_CHINA, model: 'minimax-m2-7' },
      'model-not-found',
      'The model "minimax-m2-7" does not exist or is not served on anthropic-messages. This API key\'s group serves native protocols only. Eligible models: deepseek-v4-pro, deepseek-v4-flash, deepseek-v3-anthropic, kimi-k2-6, kimi-k2-5.',
    ],
    [
      'a retired slug',
      { model: 'deepseek-chat' },
      'retired-model',
      'The model "deepseek-chat" is retired. Use "deepseek-v4-flash" instead.',
    ],
    [
      'a model of another group',
      { groupId: CLAUDE_ONLY, model: 'gpt-4o' },
      'model-not-in-group',
      'The model "gpt-4o" is not in this API key\'s group "claude-default". Use a key of a group that has it.',
    ],
    [
      'tools on a planned cell',
      { model: 'glm-5-1', ...asking({ tools: true }) },
      'tools-not-supported',
      'tool_use not supported: glm-5-1 takes no tools on anthropic-messages yet.',
    ],
    [
      'images to a model that does not see',
      { model: 'kimi-k2-6', protocol: 'openai-chat', groupId: AGENT_CHINA, ...asking({ vision: true }) },
      'unsupported',
      "kimi-k2-6 does not take images. Models of this API key's group that do: glm-5-1, doubao-seed-2.0-pro.",
    ],
    [
      'a name too long to repeat',
      { model: 'x'.repeat(5_000) },
      'model-not-found',
      `The model "${'x'.repeat(100)}…" does not exist or is not served on anthropic-messages.`,
    ],
  ] as const)('refuses %s', (_name, change, kind, message) => {
    expect(refusal(change)).toMatchObject({ kind, message });
  });

  it('refuses a model whose price is not in force yet', () => {
    expect(refusal({}, table, { nowMs: Date.parse('2025-12-31') })).toMatchObject({ kind: 'model-not-found' });
  });
});

describe('planRequest over several channels', () => {
  const [anthropic] = seed.channels;
  const named = (id: string, weight: number): Channel => ({ ...anthropic!, id, weight });
  const three = tableOf({ channels: [named('a', 1), named('b', 1), named('c', 2), named('d', 1)] });
  const order = (when: Partial<Moment>) =>
    planRequest(three, request({}), { ...moment, ...when }).targets.map(({ channelId }) => channelId);
  const open =
    (until: Record<string, number>): Moment['closedUntil'] =>
    (channelId) =>
      until[channelId];

  it('orders by weight and chance, and names no more than can be tried', () => {
    expect(order({ random: () => 0 })).toEqual(['a', 'b', 'c']);
    expect(order({ random: () => 0.5 })).toEqual(['c', 'b', 'd']);
  });

  it('passes over open circuits', () => {
    expect(order({ closedUntil: open({ a: moment.nowMs + 1, c: moment.nowMs + 1 }) })).toEqual(['b', 'd']);
  });

  it.each([
    [5_000, 5_000],
    [10, 1_000],
    [600_000, 60_000],
  ])('says when to come back: a circuit open for %d ms, after %d ms', (leftMs, retryAfterMs) => {
    const soonest = moment.nowMs + leftMs;
    const closedUntil = open({ a: soonest, b: soonest + 1, c: soonest + 2, d: soonest + 3 });
    expect(refusal({}, three, { closedUntil })).toMatchObject({ kind: 'unavailable', retryAfterMs });
  });

  it('translates where an operator has no account in the protocol asked for', () => {
    const chatOnly = tableOf({ channels: seed.channels.filter(({ protocol }) => protocol === 'openai-chat') });
    const asked = request({ model: 'gpt-5-4', protocol: 'openai-responses' });
    expect(planRequest(chatOnly, asked, moment).targets).toMatchObject([
      { channelId: 'openai-openai-chat', lane: 'ir' },
    ]);
    expect(refusal({ ...asked, groupId: AGENT_GLOBAL }, chatOnly)).toMatchObject({ kind: 'model-not-found' });
    expect(refusal({ groupId: EXTENDED }, chatOnly)).toMatchObject({ kind: 'model-not-found' });
  });
});
