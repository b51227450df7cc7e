import { indexCatalogue, priceOn, resolveModelName } from '../index-catalogue.js';
import { uncoveredCells, validateCatalogue } from '../validate.js';
import { REAL_BASE_ADDRESSES, simulatorBaseAddresses } from './channels.js';
import { seedCatalogue } from './seed-catalogue.js';

const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const index = indexCatalogue(seed);
const model = (id: string) => index.modelsById.get(id);

describe('the seeded catalogue', () => {
  it('is valid, at the simulator and at the real vendors', () => {
    expect(validateCatalogue(seed)).toEqual([]);
    expect(validateCatalogue(seedCatalogue(REAL_BASE_ADDRESSES))).toEqual([]);
  });

  it('serves every native cell, and what makes pictures or films, by a channel', () => {
    expect(uncoveredCells(seed)).toEqual([]);
  });

  it('crosses JSON unchanged', () => {
    expect(JSON.parse(JSON.stringify(seed))).toEqual(seed);
  });

  it('has a price in force for every model', () => {
    expect(seed.models.filter(({ id }) => !priceOn(index, id, '2026-11-20'))).toEqual([]);
  });

  it('prices reasoning at the output rate unless told otherwise', () => {
    const text = seed.prices.filter(({ usdPerMillion }) => usdPerMillion.output !== undefined);
    expect(text.filter(({ usdPerMillion }) => usdPerMillion.reasoning !== usdPerMillion.output)).toEqual([]);
  });

  it.each([
    ['claude-opus-4-8', '5.00', '25.00', '0.50', 'listed'],
    ['claude-sonnet-4-6', '3.00', '15.00', '0.30', 'listed'],
    ['claude-sonnet-4-5', '3.00', '15.00', '0.30', 'estimate'],
    ['claude-haiku-4-5', '1.00', '5.00', '0.10', 'listed'],
    ['gpt-5-5', '5.00', '30.00', '0.50', 'listed'],
    ['gpt-5-4', '2.50', '15.00', '0.25', 'listed'],
    ['gpt-5-4-mini', '0.75', '4.50', '0.075', 'listed'],
    ['gpt-5-4-nano', '0.20', '1.25', '0.02', 'listed'],
    ['gemini-3-1-pro', '2.00', '12.00', '0.20', 'listed'],
    ['gemini-2-5-flash', '0.50', '3.00', '0.05', 'listed'],
    ['deepseek-v4-pro', '0.435', '0.87', '0.004', 'listed'],
    ['deepseek-v4-flash', '0.14', '0.28', '0.003', 'listed'],
    ['deepseek-v3-anthropic', '0.14', '0.28', '0.003', 'listed'],
    ['glm-5-1', '1.40', '4.40', '0.26', 'listed'],
    ['minimax-m2-7', '0.26', '1.20', '0.06', 'listed'],
    ['kimi-k2-6', '0.95', '4.00', '0.16', 'estimate'],
  ])('prices %s as the page does', (id, input, output, cacheRead, status) => {
    const price = priceOn(index, id, '2026-11-20');
    expect({ ...price?.usdPerMillion, status: price?.status }).toMatchObject({ input, output, cacheRead, status });
  });

  it.each([
    ['gpt-image-2', { usdPerImage: '0.08', status: 'listed' }],
    ['gpt-image-2-official', { usdPerImage: '0.16', status: 'estimate' }],
    ['gpt-4o-image', { usdPerImage: '0.042', status: 'estimate' }],
    ['nano-banana', { usdPerImage: '0.018', status: 'listed' }],
    ['nano-banana-v2', { usdPerImage: '0.022', status: 'listed' }],
    ['nano-banana-pro', { usdPerImage: '0.134', status: 'estimate' }],
    ['seedream-4', { usdPerImage: '0.025', status: 'listed' }],
    ['seedream-4.5', { usdPerImage: '0.030', status: 'listed' }],
    ['seedream-v5lite', { usdPerImage: '0.012', status: 'listed' }],
    ['sora-2', { usdPerSecond: '0.10', status: 'listed' }],
    ['sora-2-pro', { usdPerSecond: '0.50', status: 'estimate' }],
    ['veo-3.1', { usdPerSecond: '0.40', status: 'listed' }],
    ['veo-3.1-fast', { usdPerSecond: '0.20', status: 'listed' }],
    ['veo-3.1-lite', { usdPerSecond: '0.05', status: 'listed' }],
    ['seedance-1.5-pro', { usdPerSecond: '0.12', status: 'estimate' }],
    ['seedance-2.0', { usdPerSecond: '0.35', status: 'estimate' }],
    ['seedance-2.0-pro', { usdPerSecond: '0.40', status: 'estimate' }],
    ['seedance-2.0-pro-fast', { usdPerSecond: '0.20', status: 'estimate' }],
    ['seedance-fast', { usdPerSecond: '0.10', status: 'estimate' }],
  ])('sells %s by the piece', (id, price) => {
    expect(priceOn(index, id, '2026-11-20')).toMatchObject(price);
    expect(Object.keys(price)).toContain(model(id)?.kind === 'video' ? 'usdPerSecond' : 'usdPerImage');
  });

  it('has no other pictures and films than the contract', () => {
    expect(seed.models.filter(({ kind }) => kind === 'image')).toHaveLength(9);
    expect(seed.models.filter(({ kind }) => kind === 'video')).toHaveLength(10);
  });

  it('writes Claude caches at 1.25 times the input', () => {
    expect(priceOn(index, 'claude-sonnet-4-6', '2026-11-20')?.usdPerMillion.cacheWrite5m).toBe('3.75');
  });

  it.each([
    ['claude-sonnet-4-6', ['native', 'translated', 'translated', undefined]],
    ['gpt-5-4', ['translated', 'native', 'native', undefined]],
    ['gemini-3-1-pro', ['translated', 'translated', 'shim', 'native']],
    ['deepseek-v4-pro', ['native', undefined, 'native', undefined]],
    ['deepseek-v3-anthropic', ['native', undefined, undefined, undefined]],
    ['deepseek-v3-2', [undefined, undefined, 'native', undefined]],
    ['kimi-k2-6', ['native', undefined, 'native', undefined]],
    ['glm-5-1', ['planned', undefined, 'native', undefined]],
    ['minimax-m2-7', ['planned', undefined, 'native', undefined]],
    ['doubao-seed-2.0-pro', [undefined, undefined, 'native', undefined]],
  ])('answers %s as the matrix says', (id, cells) => {
    const own = model(id)?.cells ?? {};
    expect([own['anthropic-messages'], own['openai-responses'], own['openai-chat'], own['gemini-generate']]).toEqual(
      cells,
    );
  });

  it.each([
    ['claude-opus-5-5', 'claude-opus-4-8'],
    ['claude-sonnet-5-5', 'claude-sonnet-4-6'],
    ['claude-haiku-5-5', 'claude-haiku-4-5'],
    ['claude-3-5-sonnet-20241022', 'claude-sonnet-4-6'],
    ['claude-opus-4-20250514', 'claude-opus-4-8'],
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['gpt-4o', 'gpt-5-4'],
    ['gpt-4o-mini', 'gpt-5-4-mini'],
    ['gpt-5', 'gpt-5-5'],
    ['gpt-5-nano', 'gpt-5-4-nano'],
    ['o1', 'gpt-5-4-mini'],
    ['gpt-image-1', 'gpt-image-2'],
    ['gpt-5.5', 'gpt-5-5'],
    ['gpt-6', 'gpt-5-5'],
    ['gemini-3.1-pro', 'gemini-3-1-pro'],
    ['gemini-3.1-pro-preview', 'gemini-3-1-pro'],
    ['gemini-3.5-flash-lite', 'gemini-3-flash'],
    ['gemini-3.8-flash', 'gemini-3-5-flash'],
    ['deepseek-v3.2', 'deepseek-v3-2'],
    ['doubao-seed-2-0-pro', 'doubao-seed-2.0-pro'],
    ['MiniMax-M2.7', 'minimax-m2-7'],
    ['sora2', 'sora-2'],
    ['veo3.1', 'veo-3.1'],
    ['veo-3-1', 'veo-3.1'],
    ['sora2-pro', 'sora-2-pro'],
    ['veo3-1', 'veo-3.1'],
    ['veo3.1-fast', 'veo-3.1-fast'],
    ['veo-3-1-lite', 'veo-3.1-lite'],
    ['seedance2', 'seedance-2.0'],
    ['seedance-2-0', 'seedance-2.0'],
    ['seedance-pro', 'seedance-2.0-pro'],
    ['seedance2-fast', 'seedance-fast'],
    ['seedance-1-5-pro', 'seedance-1.5-pro'],
    ['seedream-v4', 'seedream-4'],
    ['seedream-v4.5', 'seedream-4.5'],
    ['seedream-4-5', 'seedream-4.5'],
  ])('serves %s by %s and says so', (alias, id) => {
    expect(resolveModelName(index, alias)).toEqual({ kind: 'model', model: model(id), alias });
  });

  it('does not call a model by its own name an alias', () => {
    expect(resolveModelName(index, 'gpt-5-4')).toEqual({ kind: 'model', model: model('gpt-5-4') });
  });

  it.each([['gpt-99'], [''], ['gpt-5-4'.padEnd(1_000_000, 'x')]])('does not know %.10s', (name) => {
    expect(resolveModelName(index, name)).toBeUndefined();
  });

  it('names the successor of a retired slug', () => {
    expect(resolveModelName(index, 'deepseek-reasoner')).toMatchObject({
      kind: 'retired',
      successor: 'deepseek-v4-pro',
    });
  });

  it('mounts look-alike wires below the vendor', () => {
    const addresses = new Map(seed.channels.map(({ id, address }) => [id, address]));
    expect(addresses.get('deepseek-anthropic-messages')).toBe('http://127.0.0.1:8090/deepseek/anthropic');
    expect(addresses.get('bytedance-openai-chat')).toBe('http://127.0.0.1:8090/ark');
  });

  it('has one channel for the pictures and films of each vendor, at its base address', () => {
    expect(seed.mediaChannels.map(({ id, address, models }) => [id, address, models.length])).toEqual([
      ['openai-media', 'http://127.0.0.1:8090/openai', 5],
      ['google-media', 'http://127.0.0.1:8090/gemini', 6],
      ['bytedance-media', 'http://127.0.0.1:8090/ark', 8],
    ]);
  });
});
