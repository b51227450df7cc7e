import { seedCatalogue, simulatorBaseAddresses, type CatalogueDocument } from '@bytespike/catalog';
import { GatewayError } from '@bytespike/kernel';
import { createLogger, registry } from '@bytespike/telemetry';

import { CatalogueReader } from './catalogue-reader.js';

const seed = seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090'));
const logger = createLogger({ service: 'test', level: 'silent' });

/** A configuration owner whose answers are given one by one; the last is repeated. */
function owner(...answers: readonly ({ version: number; catalogue: unknown } | GatewayError)[]) {
  let asked = 0;
  const snapshot = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    if (answer instanceof GatewayError) throw answer;
    return answer;
  };
  const derive = (catalogue: CatalogueDocument) => new Map(catalogue.groups.map(({ id, name }) => [id, name]));
  return { reader: new CatalogueReader({ service: 'test', snapshot, derive, logger }), asked: () => asked };
}

const named = (version: number, name: string) => ({
  version,
  catalogue: { ...seed, groups: seed.groups.map((group) => (group.id === 1 ? { ...group, name } : group)) },
});
const groupName = (reader: CatalogueReader<Map<number, string>>) => reader.current()?.get(1);
const rejected = async () => {
  const { values } = await registry.getSingleMetric('gw_snapshot_rejected_total')!.get();
  return values.reduce((sum, { value }) => sum + value, 0);
};

describe('CatalogueReader', () => {
  it('is unavailable before the first catalogue', () => {
    const { reader } = owner(named(1, 'one'));
    expect(() => reader.require()).toThrow(expect.objectContaining({ kind: 'unavailable', retryAfterMs: 1_000 }));
  });

  it('fetches until the catalogue is there', async () => {
    const { reader, asked } = owner(new GatewayError('unavailable', 'no responders'), named(1, 'one'));
    await reader.refresh();
    expect([groupName(reader), asked()]).toEqual(['one', 2]);
  });

  it('takes a newer version when one is published, and does not ask for one it has', async () => {
    const { reader, asked } = owner(named(1, 'one'), named(2, 'two'));
    await reader.refresh();
    await reader.hear(1);
    expect([groupName(reader), asked()]).toEqual(['one', 1]);
    await reader.hear(2);
    expect([groupName(reader), asked()]).toEqual(['two', 2]);
  });

  it('keeps the newest when answers come out of order', async () => {
    const { reader } = owner(named(2, 'two'), named(1, 'one'));
    await reader.refresh();
    await reader.refresh();
    expect(groupName(reader)).toBe('two');
  });

  it('asks again for a version published while it was asking', async () => {
    const { reader } = owner(named(1, 'one'), named(2, 'two'));
    await Promise.all([reader.refresh(), reader.hear(2)]);
    expect(groupName(reader)).toBe('two');
  });

  it.each([
    ['not a catalogue', 'nonsense'],
    ['a catalogue of another age', { ...seed, models: undefined }],
    ['a routable model without a price', { ...seed, prices: [] }],
  ])('keeps the last good one and counts what it refuses: %s', async (_name, catalogue) => {
    const { reader } = owner(named(1, 'one'), { version: 2, catalogue });
    const before = await rejected();
    await reader.refresh();
    await reader.refresh();
    expect(groupName(reader)).toBe('one');
    expect(await rejected()).toBe(before + 1);
  });

  it('stops asking when it is stopped', async () => {
    const { reader } = owner(new GatewayError('unavailable', 'no responders'));
    const asking = reader.refresh();
    reader.stop();
    await asking;
    expect(reader.current()).toBeUndefined();
  });
});
