import type { ReasoningRequest } from '@bytespike/ir';

import { geminiCompatibility } from '../compatibility/gemini.js';
import { createLossList } from '../losses.js';
import { thinkingFromIr } from './thinking-from-ir.js';

const FLASH = 'gemini-3.5-flash';
const PRO = 'gemini-3.1-pro-preview';
const FIRST_PRO = 'gemini-3-pro-preview';
const FLASH_25 = 'gemini-2.5-flash-lite';
const PRO_25 = 'gemini-2.5-pro';

interface Row {
  readonly asked: ReasoningRequest;
  readonly model: string;
  readonly said?: object;
  readonly lost?: string;
}

/** What is asked of thinking, by generation (protocols 2.6). */
describe('a reasoning request', () => {
  it.each<Row>([
    { asked: { effort: 'minimal' }, model: FLASH, said: { thinkingLevel: 'MINIMAL' } },
    { asked: { effort: 'minimal' }, model: PRO, said: { thinkingLevel: 'LOW' }, lost: 'reasoning.effort' },
    { asked: { effort: 'low' }, model: PRO, said: { thinkingLevel: 'LOW' } },
    { asked: { effort: 'medium' }, model: PRO, said: { thinkingLevel: 'MEDIUM' } },
    { asked: { effort: 'medium' }, model: FIRST_PRO, said: { thinkingLevel: 'HIGH' }, lost: 'reasoning.effort' },
    { asked: { effort: 'high' }, model: 'gemini-4-flash', said: { thinkingLevel: 'HIGH' } },
    { asked: { effort: 'xhigh' }, model: FLASH, said: { thinkingLevel: 'HIGH' }, lost: 'reasoning.effort' },
    { asked: { effort: 'max' }, model: FLASH, said: { thinkingLevel: 'HIGH' }, lost: 'reasoning.effort' },
    { asked: { mode: 'off' }, model: FLASH, said: { thinkingLevel: 'MINIMAL' }, lost: 'reasoning.mode' },
    { asked: { effort: 'none' }, model: PRO, said: { thinkingLevel: 'LOW' }, lost: 'reasoning.effort' },
    { asked: { mode: 'between-tools' }, model: FLASH, said: { thinkingLevel: 'MINIMAL' }, lost: 'reasoning.mode' },
    { asked: { mode: 'auto', show: 'none' }, model: FLASH },
    { asked: { mode: 'auto' }, model: FLASH, said: { includeThoughts: true } },
    { asked: { mode: 'auto', show: 'omitted', effort: 'high' }, model: FLASH, said: { thinkingLevel: 'HIGH' } },
    { asked: { show: 'summary' }, model: FLASH, said: { includeThoughts: true } },
    {
      asked: { mode: 'on', budgetTokens: 1_024, show: 'none' },
      model: FLASH,
      said: { thinkingLevel: 'LOW' },
      lost: 'reasoning.budgetTokens',
    },
    {
      asked: { mode: 'on', budgetTokens: 31_999 },
      model: PRO,
      said: { thinkingLevel: 'HIGH', includeThoughts: true },
      lost: 'reasoning.budgetTokens',
    },
    { asked: { mode: 'off' }, model: FLASH_25, said: { thinkingBudget: 0 } },
    { asked: { mode: 'off' }, model: PRO_25, said: { thinkingBudget: 128 }, lost: 'reasoning.mode' },
    { asked: { mode: 'auto', show: 'none' }, model: PRO_25, said: { thinkingBudget: -1 } },
    { asked: { mode: 'on', budgetTokens: 4_096, show: 'none' }, model: FLASH_25, said: { thinkingBudget: 4_096 } },
    {
      asked: { mode: 'on', budgetTokens: 64_000, show: 'none' },
      model: PRO_25,
      said: { thinkingBudget: 32_768 },
      lost: 'reasoning.budgetTokens',
    },
    { asked: { effort: 'low' }, model: FLASH_25, said: { thinkingBudget: 2_048 } },
    { asked: { effort: 'high' }, model: PRO_25, said: { thinkingBudget: 24_576 } },
    { asked: { effort: 'max' }, model: PRO_25, said: { thinkingBudget: 32_768 }, lost: 'reasoning.effort' },
    { asked: { show: 'none' }, model: FLASH_25 },
  ])('$asked is said to $model as $said, losing $lost', ({ asked, model, said, lost }) => {
    const losses = createLossList();
    expect(thinkingFromIr(asked, geminiCompatibility(model), losses)).toEqual(said ? { thinkingConfig: said } : {});
    expect(losses.list).toEqual(lost === undefined ? [] : [{ code: 'L43', path: lost, effect: 'approximated' }]);
  });

  it('that nobody made switches nothing on', () => {
    expect(thinkingFromIr(undefined, geminiCompatibility(FLASH), createLossList())).toEqual({});
  });
});
