import { openingOf } from './eligibility.js';

const any = { fidelity: 'any', extended: false } as const;
const native = { fidelity: 'native', extended: false } as const;
const extended = { fidelity: 'any', extended: true } as const;

describe('the eligibility table', () => {
  it.each([
    ['native', any, 'native'],
    ['native', native, 'native'],
    ['native', extended, 'native'],
    ['translated', any, 'translated'],
    ['translated', native, 'closed'],
    ['translated', extended, 'translated'],
    ['shim', any, 'translated'],
    ['shim', native, 'closed'],
    ['shim', extended, 'translated'],
    ['planned', any, 'translated-without-tools'],
    ['planned', native, 'closed'],
    ['planned', extended, 'translated-without-tools'],
    ['none', any, 'closed'],
    ['none', native, 'closed'],
    ['none', extended, 'translated'],
    ['none', { fidelity: 'native', extended: true }, 'closed'],
  ] as const)('%s in %o opens: %s', (cell, group, opening) => {
    expect(openingOf(cell, group)).toBe(opening);
  });
});
