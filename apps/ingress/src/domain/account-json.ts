import type { AccountProfile, statement } from '@bytespike/contracts';
import { formatUsd } from '@bytespike/kernel';
import type { z } from 'zod';

type WalletState = z.output<(typeof statement.readWallet)['output']>;

export interface AccountFacts {
  readonly profile: AccountProfile;
  readonly wallet: WalletState;
  /** Ids of the models that the caller's group opens. */
  readonly reachable: readonly string[];
  /** Who asks, in an organisation. */
  readonly role: 'owner' | 'member';
}

/** The account as dashboards show it (contract 11.1). What the platform does not keep, such as addresses, is null. */
export function accountJson({ profile, wallet, reachable, role }: AccountFacts): object {
  const { id, name, kind, tier, createdAt } = profile;
  return {
    user: {
      id,
      username: name,
      email: null,
      created_at: new Date(createdAt).toISOString(),
      tier: kind === 'organisation' || tier === 'enterprise' ? 'enterprise' : 'individual',
    },
    balance: {
      available_usd: formatUsd(wallet.available),
      lifetime_topup_usd: formatUsd(wallet.lifetimeTopup),
      lifetime_spent_usd: formatUsd(wallet.lifetimeSpent),
      low_balance_threshold_usd: wallet.lowAt === undefined ? null : formatUsd(wallet.lowAt),
      low_balance_flagged: wallet.isLow,
    },
    allowed_models: modelsOf(profile, wallet, reachable),
    org: kind === 'organisation' ? { id, name, role } : null,
  };
}

/** Models the caller reaches, and those that a cap or a charge names: what was spent of each in all, and its cap for life. */
function modelsOf(
  { modelCaps }: AccountProfile,
  { spentByModel }: WalletState,
  reachable: readonly string[],
): object[] {
  const spent = new Map(spentByModel.map(({ model, cost }) => [model, cost]));
  const caps = new Map(modelCaps.map(({ model, limit }) => [model, limit]));
  return [...new Set([...reachable, ...caps.keys(), ...spent.keys()])].map((id) => {
    const cap = caps.get(id);
    return {
      id,
      quota_used_usd: formatUsd(spent.get(id) ?? 0n),
      quota_cap_usd: cap === undefined ? null : formatUsd(cap),
    };
  });
}
