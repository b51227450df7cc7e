import { EFFORTS } from '@bytespike/ir';

import { responsesCompatibility } from './responses.js';

const said = (vendor: string, model: string): string => {
  const { effort } = responsesCompatibility(vendor, model);
  return EFFORTS.map((name) => effort[name] ?? '-').join(' ');
};

describe('responsesCompatibility', () => {
  it.each([
    ['openai', 'gpt-6.1-2026-10-01', 'none low low medium high xhigh max'],
    ['openai', 'gpt-5.6', 'none low low medium high xhigh max'],
    ['openai', 'gpt-5.5', 'none low low medium high xhigh xhigh'],
    ['openai', 'gpt-5.1-codex', 'none low low medium high xhigh xhigh'],
    ['openai', 'gpt-5-mini', '- low low medium high high high'],
    ['openai', 'o3', '- low low medium high high high'],
    ['openai', 'gpt-4.1', '- - - - - - -'],
    ['deepseek', 'deepseek-v4-pro', 'none low low high high high max'],
    ['moonshot', 'kimi-k3', '- low low high high high max'],
    ['zhipu', 'glm-5.3', '- low low - high - max'],
    ['somebody-new', 'x', '- - - - - - -'],
  ])('says the efforts of %s/%s as %s', (vendor, model, words) => {
    expect(said(vendor, model)).toBe(words);
  });

  it('trusts a vendor it does not know with little', () => {
    expect(responsesCompatibility('constructor', 'x')).toMatchObject({
      ownNodes: 'rewrite',
      reasoningState: 'none',
      customTools: 'wrap',
      jsonSchema: 'reject',
      forcedToolChoice: 'reject',
      ownFields: 'drop',
    });
  });

  it('asks models that do not reason for no cipher of it', () => {
    expect(responsesCompatibility('openai', 'gpt-4o')).toMatchObject({ thinks: 'never', reasoningState: 'none' });
  });
});
