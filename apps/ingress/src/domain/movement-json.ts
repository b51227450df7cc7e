import type { Movement } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';

/** A movement of a wallet as contract 11.3 prints it; a bonus is a line item of its own (contract 8.5). */
export const movementJson = ({ id, createdAt, kind, amount, bonus, balanceAfter, source, actor, note }: Movement) => ({
  id,
  created_at: new Date(createdAt).toISOString(),
  kind,
  amount_usd: formatUsd(amount),
  line_items: [
    { type: 'principal', amount_usd: formatUsd(amount - bonus) },
    ...(bonus === 0n ? [] : [{ type: 'bonus', amount_usd: formatUsd(bonus) }]),
  ],
  balance_after_usd: formatUsd(balanceAfter),
  source: source ?? { actor },
  note,
});
