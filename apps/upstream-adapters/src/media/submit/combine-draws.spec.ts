import { combineDraws, type Draw } from './combine-draws.js';

const picture = (name: string) => ({
  from: 'store' as const,
  asset: { name, contentType: 'image/png', bytes: 1, sha256: 'aa' },
});
const drew = (name: string, tokens?: number): Draw => ({
  submitted: {
    type: 'finished',
    report: {
      state: 'succeeded',
      word: 'answered',
      assets: [picture(name)],
      rendered: { images: 1, ...(tokens !== undefined && { tokens }) },
    },
  },
  credentialId: name,
});
const failure = { kind: 'upstream-blocked', message: 'no' } as const;
const blocked: Draw = { submitted: { type: 'finished', report: { state: 'failed', word: 'error', failure } } };
const refused: Draw = { submitted: { type: 'refused', failure } };
const unclear: Draw = { submitted: { type: 'unclear', failure }, credentialId: 'cr-1' };

describe('several creates of one work', () => {
  it('bring together what each of them brought', () => {
    expect(combineDraws([drew('a', 3), drew('b', 4)])).toEqual({
      submitted: {
        type: 'finished',
        report: {
          state: 'succeeded',
          word: 'answered',
          assets: [picture('a'), picture('b')],
          rendered: { images: 2, tokens: 7 },
        },
      },
      credentialId: 'a',
    });
  });

  it('keep the words that their pictures were drawn from', () => {
    const told = (name: string, words: string): Draw => {
      const { submitted, credentialId } = drew(name);
      return { submitted: { ...submitted, revisedPrompts: { [name]: words } } as Draw['submitted'], credentialId };
    };
    expect(combineDraws([drew('a'), told('b', 'boats'), told('c', 'ships')])).toMatchObject({
      submitted: { revisedPrompts: { b: 'boats', c: 'ships' } },
    });
  });

  it.each([
    { name: 'a picture outweighs what failed', draws: [blocked, unclear, drew('b'), refused], as: drew('b') },
    { name: 'what may have been taken outweighs what was not', draws: [refused, blocked, unclear], as: unclear },
    { name: 'a verdict outweighs a refusal', draws: [refused, blocked], as: blocked },
    { name: 'a refusal is one when all are', draws: [refused, refused], as: refused },
  ])('$name', ({ draws: [first, ...others], as }) => {
    expect(combineDraws([first!, ...others])).toEqual(as);
  });
});
