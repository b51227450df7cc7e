import {
  avoided,
  chooseCredential,
  cooled,
  freshState,
  type Credential,
  type CredentialState,
} from './credential-choice.js';

const credentials: readonly Credential[] = [
  { id: 'a', weight: 1, secret: 's' },
  { id: 'b', weight: 3, secret: 's' },
];
const choose = (
  states: Readonly<Record<string, CredentialState>>,
  { now = 0, random = 0, tried = [] as readonly string[] } = {},
) => chooseCredential(credentials, ({ id }) => states[id] ?? freshState, new Set(tried), { now, random });
const chosen = (...args: Parameters<typeof choose>): string => {
  const choice = choose(...args);
  return choice.found === 'credential' ? choice.credential.id : choice.found;
};

describe('chooseCredential', () => {
  it.each([
    [0, 'a'],
    [0.24, 'a'],
    [0.25, 'b'],
    [0.999, 'b'],
  ])('picks by weight: %f is %s', (random, id) => {
    expect(chosen({}, { random })).toBe(id);
  });

  it('passes over the tried, the cooling and the avoided', () => {
    expect(chosen({}, { tried: ['a'] })).toBe('b');
    expect(chosen({ a: cooled(freshState, 7_000, 0) })).toBe('b');
    expect(chosen({ a: avoided(freshState, 0) })).toBe('b');
    expect(chosen({}, { tried: ['a', 'b'] })).toBe('none');
  });

  it('uses an avoided one when there is no other, and never a cooling one', () => {
    expect(chosen({ a: avoided(freshState, 0) }, { tried: ['b'] })).toBe('a');
    const cooling = { a: cooled(freshState, 7_000, 0), b: cooled(freshState, 3_000, 0) };
    expect(choose(cooling)).toEqual({ found: 'cooling', until: 3_000 });
    expect(chosen(cooling, { now: 3_000 })).toBe('b');
  });

  it('only prefers others after a rate limit without a time', () => {
    const state = cooled(freshState, undefined, 0);
    expect(chosen({ a: state })).toBe('b');
    expect(chosen({ a: state }, { tried: ['b'] })).toBe('a');
    expect(chosen({ a: state }, { now: 1_000 })).toBe('a');
  });

  it('avoids for longer each time, up to five minutes', () => {
    let state = freshState;
    const spans = Array.from({ length: 8 }, () => (state = avoided(state, 0)).avoidedUntil / 1_000);
    expect(spans).toEqual([5, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('asks again before a vendor’s hours have passed', () => {
    expect(cooled(freshState, 86_400_000, 0).coolingUntil).toBe(300_000);
  });
});
