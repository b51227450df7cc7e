import { formatUsd, parseUsd, type NanoUsd } from '@bytespike/kernel';

import { UsageError, type Command } from '../operators/run-command.js';
import { correctCharge } from '../sql/correct.js';
import type { CorrectionResult } from './correction-store.js';

/**
 * Gives a charge back, or a part of it. Unless the transaction is named, request and amount name it: a command that is
 * repeated because nobody saw its answer gives nothing back twice.
 */
export const correctCommand: Command = {
  usage: 'correct --request ID --amount USD --reason TEXT --actor NAME [--transaction ID]',
  options: {
    request: { type: 'string' },
    amount: { type: 'string' },
    reason: { type: 'string' },
    actor: { type: 'string' },
    transaction: { type: 'string' },
  },
  run: async ({ pool, option, has, say }) => {
    const requestId = option('request');
    const amount = readAmount(option('amount'));
    const transactionId = has('transaction') ? option('transaction') : `correction ${requestId} ${formatUsd(amount)}`;
    const correction = { transactionId, requestId, amount, reason: option('reason'), actor: option('actor') };
    const result = await correctCharge(pool, correction);
    say(wordsOf(result, transactionId));
    return result.kind === 'moved' || result.kind === 'repeated' ? 0 : 1;
  },
};

function readAmount(text: string): NanoUsd {
  try {
    const amount = parseUsd(text);
    if (amount > 0n) return amount;
  } catch {
    throw new UsageError(`--amount is no amount of USD: ${text}`);
  }
  throw new UsageError('--amount gives back more than nothing');
}

function wordsOf(result: CorrectionResult, transactionId: string): string {
  switch (result.kind) {
    case 'moved':
      return `corrected as "${transactionId}": ${result.accountId} has ${formatUsd(result.available)} USD`;
    case 'repeated':
      return `"${transactionId}" stands already: ${result.accountId} has ${formatUsd(result.available)} USD`;
    case 'beyond':
      return `refused: of this request ${formatUsd(result.most)} USD are left to give back`;
    case 'uncovered':
      return 'refused: the wallet does not cover it';
    case 'conflict':
      return `refused: "${transactionId}" stands for something else`;
    case 'unknown':
      return 'refused: there is no such request';
  }
}
