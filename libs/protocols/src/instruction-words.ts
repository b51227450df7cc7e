import type { Part, TextPart } from '@bytespike/ir';

import type { LossList } from './losses.js';

/** What instructions say, where nothing else can be said in them: what is left out is told, part by part. */
export function instructionWords(
  { parts }: { readonly parts: readonly Part[] },
  path: string,
  losses: LossList,
): readonly TextPart[] {
  return parts.flatMap((part, at) => {
    if (part.type === 'text') return [part];
    losses.drop('L14', `${path}.parts.${at}`);
    return [];
  });
}
