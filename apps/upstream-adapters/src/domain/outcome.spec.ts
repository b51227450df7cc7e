import type { MeterReading } from '@bytespike/protocols';

import { outcomeOf } from './outcome.js';

const whole: MeterReading = {
  contentStarted: true,
  ended: true,
  finish: 'stop',
  usage: { input: 10, output: 5 },
  quarantined: false,
  deliveredOutput: 4,
};
const sourceOf = (change: Partial<MeterReading>) => {
  const { usage, usageSource, quarantined } = outcomeOf(
    { ended: 'served', reading: { ...whole, ...change }, quality: 'whole' },
    [],
  );
  return { usage, usageSource, quarantined };
};

describe('where the usage of an answer comes from', () => {
  it.each<[string, Partial<MeterReading>, ReturnType<typeof sourceOf>]>([
    ['a report', {}, { usage: whole.usage, usageSource: 'vendor', quarantined: undefined }],
    [
      'a report with a zero in it',
      { usage: { input: 0, output: 5 } },
      { usage: { input: 0, output: 5 }, usageSource: 'vendor', quarantined: undefined },
    ],
    [
      'zeros beside words',
      { usage: { input: 0, output: 0 } },
      { usage: undefined, usageSource: 'counted', quarantined: undefined },
    ],
    [
      'zeros for nothing',
      { usage: { input: 0, output: 0 }, contentStarted: false },
      { usage: { input: 0, output: 0 }, usageSource: 'vendor', quarantined: undefined },
    ],
    ['no report', { usage: undefined }, { usage: undefined, usageSource: 'counted', quarantined: undefined }],
    [
      'a report nobody believes',
      { usage: undefined, quarantined: true },
      { usage: undefined, usageSource: 'none', quarantined: true },
    ],
  ])('%s', (_name, change, expected) => {
    expect(sourceOf(change)).toEqual(expected);
  });
});
