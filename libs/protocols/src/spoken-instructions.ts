import type { GenerateRequest, SystemSegment } from '@bytespike/ir';

import type { LossList } from './losses.js';

const isSaid = ({ parts }: SystemSegment): boolean =>
  parts.some((part) => part.type === 'text' && part.attribution === undefined && part.text.trim() !== '');

/**
 * Instructions alone are a question to some vendors and to others no conversation at all. For these the last of them is what
 * the user says; its place among the instructions stays, empty, so that what else is lost there keeps its path.
 */
export function speakInstructions(asked: GenerateRequest, losses: LossList): GenerateRequest {
  const at = asked.turns.length > 0 ? -1 : asked.system.findLastIndex(isSaid);
  const spoken = asked.system[at];
  if (!spoken) return asked;
  losses.approximate('L03', `system.${at}`);
  const { raw: _raw, ...rest } = spoken;
  const { form, parts } = rest;
  return {
    ...asked,
    system: asked.system.with(at, { ...rest, parts: [] }),
    turns: [{ role: 'user', form, parts }],
  };
}
