import type { UsageFact } from '@bytespike/contracts';

import { endLine, type EndLine } from './settlement.js';

/** How an operation went that is free by its nature, and so had no hold to end. */
export interface FreeEnd extends EndLine {
  readonly requestId: string;
  readonly accountId: string;
}

/** Those of some facts that tell of free operations, as their receipts need them. */
export const freeEnds = (facts: readonly UsageFact[]): readonly FreeEnd[] =>
  facts.flatMap((fact) =>
    fact.operation === 'count'
      ? [
          {
            requestId: fact.requestId,
            accountId: fact.accountId,
            ...endLine(fact, { rule: 'free', flags: [] }),
          },
        ]
      : [],
  );
