import type { Answer } from '../brain/answer.js';
import { countTokens } from '../brain/tokens.js';
import type { Account } from '../prompt/account.js';

/** The counts of a response; what is zero is left out, as proto-JSON leaves it. */
export interface UsageMetadata {
  readonly promptTokenCount: number;
  readonly candidatesTokenCount?: number;
  readonly totalTokenCount: number;
  readonly cachedContentTokenCount?: number;
  readonly thoughtsTokenCount?: number;
  readonly toolUsePromptTokenCount?: number;
  readonly promptTokensDetails: readonly object[];
}

/** What the search brought into the prompt is counted apart from it. */
const searchTokens = (answer: Answer): number =>
  answer.parts.reduce(
    (sum, part) =>
      part.type === 'search' ? sum + part.results.reduce((all, { snippet }) => all + countTokens(snippet), 0) : sum,
    0,
  );

/** The prompt includes what was cached; the candidates exclude the thoughts; the total has everything once. */
export const usageMetadata = (account: Account, answer: Answer, candidates: number): UsageMetadata => {
  const said = (account.outputTokens - account.thinkingTokens) * candidates;
  const thoughts = account.thinkingTokens * candidates;
  const toolUse = searchTokens(answer);
  return {
    promptTokenCount: account.inputTokens,
    ...(said > 0 && { candidatesTokenCount: said }),
    totalTokenCount: account.inputTokens + said + thoughts + toolUse,
    ...(account.cachedTokens > 0 && { cachedContentTokenCount: account.cachedTokens }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: account.inputTokens }],
    ...(account.cachedTokens > 0 && { cacheTokensDetails: [{ modality: 'TEXT', tokenCount: account.cachedTokens }] }),
    ...(toolUse > 0 && { toolUsePromptTokenCount: toolUse }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
};
