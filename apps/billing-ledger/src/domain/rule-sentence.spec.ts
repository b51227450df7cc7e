import { OUTCOME_TABLE, UNPRICED } from '@bytespike/pricing';

import { ruleSentence } from './rule-sentence.js';

const rules = [
  ...Object.values(OUTCOME_TABLE)
    .flat()
    .map(({ rule }) => rule),
  ...Object.keys(UNPRICED),
];

describe('the sentence of a rule', () => {
  it.each(rules)('says how %s ended, and what is paid for it', (rule) => {
    expect(ruleSentence(rule)).toMatch(/^[A-Z].*\. You pay .*\.$/);
  });

  it('is honest about a rule that nobody has recorded', () => {
    expect(ruleSentence('a rule of another time')).toContain('without a charge');
  });
});
