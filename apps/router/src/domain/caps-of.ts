import type { Cap, Span } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

/** A key's own caps as its row has them; zero is no cap. */
export interface KeyCaps {
  readonly quota: NanoUsd;
  readonly rate_limit_5h: NanoUsd;
  readonly rate_limit_1d: NanoUsd;
  readonly rate_limit_7d: NanoUsd;
}

/** A cap of its account: on all of it, a member or a model. */
export interface AccountCap {
  readonly subject: string;
  readonly span: Span;
  readonly amount: string;
}

/**
 * Every cap that may hold for a request with this key. `ofAccount` has those of its member alone; those of models are told
 * apart when the model is known.
 */
export function capsOf(keyId: string, own: KeyCaps, ofAccount: readonly AccountCap[]): Cap[] {
  const subject = `key:${keyId}`;
  const caps: readonly Cap[] = [
    { subject, span: 'life', limit: own.quota },
    { subject, span: '5h', limit: own.rate_limit_5h },
    { subject, span: '1d', limit: own.rate_limit_1d },
    { subject, span: '7d', limit: own.rate_limit_7d },
  ];
  return [
    ...caps.filter(({ limit }) => limit > 0n),
    ...ofAccount.map(({ amount, ...cap }) => ({ ...cap, limit: BigInt(amount) })),
  ];
}
