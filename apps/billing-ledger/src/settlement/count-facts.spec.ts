import { metrics } from '@bytespike/telemetry';

import { factOf, settledAt } from '../testing/ledger-fixtures.js';
import { FactCounts } from './count-facts.js';

const valueOf = async (name: 'usageFacts' | 'tokens', labels: Record<string, string>): Promise<number | undefined> => {
  const { values } = await metrics[name].get();
  return values.find((one) => JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
};

describe('the facts of a batch', () => {
  it('are counted by what became of them, and what they billed by model and class', async () => {
    const warned: unknown[] = [];
    const counts = new FactCounts({ warn: (fields: unknown) => void warned.push(fields) });
    const { usage } = settledAt('paid', 1n);
    for (const model of ['one', 'one', 'other']) counts.count('settled', factOf('paid', { model }), usage);
    counts.count('voided', factOf('failed'), undefined);
    counts.count('late', factOf('late'), undefined);
    counts.tell();

    expect(await valueOf('usageFacts', { result: 'settled' })).toBe(3);
    expect(await valueOf('usageFacts', { result: 'voided' })).toBe(1);
    expect(await valueOf('tokens', { model: 'one', class: 'input' })).toBe(20);
    expect(await valueOf('tokens', { model: 'other', class: 'output' })).toBe(5);
    expect(warned).toEqual([{ requestId: 'late', result: 'late' }]);
  });
});
