import type { book, HandlersFor } from '@bytespike/contracts';
import { formatUsd, GatewayError, type NanoUsd } from '@bytespike/kernel';

import type { Grants } from '../admission/grants.js';
import type { CorrectionResult, CorrectionStore } from './correction-store.js';
import { quarantinePage, quarantineQuery } from './quarantine-page.js';

export interface BookPorts {
  readonly store: CorrectionStore;
  readonly grants: Pick<Grants, 'forget' | 'giveBack'>;
}

/** Operators' calls: a refusal says what would have been possible. */
export const bookHandlers = ({ store, grants }: BookPorts): HandlersFor<typeof book> => ({
  correct: async (correction) => {
    if (correction.amount <= 0n)
      throw new GatewayError('invalid-request', 'A correction gives back more than nothing.');
    return answerOf(await store.correct(correction), grants);
  },

  listQuarantine: async (input) => quarantinePage(await store.quarantined(quarantineQuery(input)), input.limit),

  decideQuarantine: async (verdict) => {
    if (verdict.charge < 0n) throw new GatewayError('invalid-request', 'A doubted request is charged nothing or more.');
    let result = await store.decide(verdict);
    // A charge is not refused for money that grants hold back and no request needs.
    if (result.kind === 'uncovered' && (await grants.giveBack(result.accountId))) result = await store.decide(verdict);
    return answerOf(result, grants);
  },
});

function answerOf(result: CorrectionResult, grants: BookPorts['grants']): { accountId: string; available: NanoUsd } {
  if (result.kind === 'unknown')
    throw new GatewayError('not-found', 'The book knows nothing of the kind about this request.');
  if (result.kind === 'conflict')
    throw new GatewayError('conflict', 'This was decided before, and differently; what stands is not changed.');
  if (result.kind === 'uncovered')
    throw new GatewayError('insufficient-credit', 'The wallet does not cover this charge.');
  if (result.kind === 'beyond')
    throw new GatewayError('invalid-request', `Of this request at most ${formatUsd(result.most)} USD can be moved.`);
  grants.forget(result.accountId);
  return { accountId: result.accountId, available: result.available };
}
