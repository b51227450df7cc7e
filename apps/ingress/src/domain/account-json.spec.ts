import { profile } from '../testing/fake-account.js';
import { accountJson } from './account-json.js';

const wallet = { available: 5n, held: 0n, lifetimeTopup: 0n, lifetimeSpent: 0n, isLow: true, spentByModel: [] };

describe('an account', () => {
  it('of an organisation says who asks, and has no threshold until one is set', () => {
    const company = { ...profile, name: 'Company', kind: 'organisation' as const, modelCaps: [] };
    expect(accountJson({ profile: company, wallet, reachable: ['one'], role: 'member' })).toMatchObject({
      user: { username: 'Company', tier: 'enterprise' },
      balance: { available_usd: '0.000000005', low_balance_threshold_usd: null, low_balance_flagged: true },
      allowed_models: [{ id: 'one', quota_used_usd: '0.00', quota_cap_usd: null }],
      org: { id: 'account-1', name: 'Company', role: 'member' },
    });
  });
});
