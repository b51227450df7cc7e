import { tokenize } from '../brain/tokens.js';

const ALTERNATIVES = [
  'the',
  'a',
  'of',
  'to',
  'and',
  'in',
  'is',
  'it',
  'on',
  'as',
  'at',
  'by',
  'or',
  'an',
  'be',
  'we',
  'he',
  'so',
  'if',
  'no',
];
const bytesOf = (token: string): readonly number[] => [...Buffer.from(token)];

/** Made-up but steady: the chosen token is always the likeliest. */
export const logprobsOf = (text: string, top: number): readonly object[] =>
  tokenize(text).map((token) => {
    const logprob = -((token.charCodeAt(token.length - 1) % 50) + 1) / 1000;
    const others = ALTERNATIVES.slice(0, Math.max(0, top - 1)).map((other, rank) => ({
      token: other,
      logprob: logprob - (rank + 1) * 2,
      bytes: bytesOf(other),
    }));
    const chosen = { token, logprob, bytes: bytesOf(token) };
    return { ...chosen, top_logprobs: top === 0 ? [] : [chosen, ...others] };
  });
