import type { RoutingGroup } from '@bytespike/catalog';
import type { PrismaClient } from '@bytespike/database';
import { digestKey, maskKey } from '@bytespike/secrets';

import type { SeedEnv } from './seed-env.js';

const DEMO_ACCOUNT = 'acc_demo';
const INFERENCE_KEYS = ['default', 'agent-global', 'extended'] as const;

/** An account with one key per kind of group, a management key, and the operator's token. Repeating changes nothing. */
export async function seedDemoAccount(
  prisma: PrismaClient,
  env: SeedEnv,
  groups: readonly RoutingGroup[],
): Promise<void> {
  const account = { id: DEMO_ACCOUNT, name: 'Demo', kind: 'individual', tier: 'enterprise' };
  await prisma.identityAccount.upsert({ where: { id: account.id }, create: account, update: {} });
  for (const name of INFERENCE_KEYS) {
    const groupId = groups.find((group) => group.name === name)?.id;
    if (groupId === undefined) throw new Error(`the catalogue has no group ${name}`);
    const key = { ...kept(env.SEED_KEYS[name], env), id: `key_demo_${name}`, accountId: DEMO_ACCOUNT, name, groupId };
    await prisma.identityApiKey.upsert({ where: { id: key.id }, create: key, update: kept(env.SEED_KEYS[name], env) });
  }
  const tokens = [
    {
      id: 'tok_demo',
      role: 'management',
      accountId: DEMO_ACCOUNT,
      actor: 'demo',
      ...kept(env.SEED_KEYS.management, env),
    },
    { id: 'tok_operator', role: 'operator', actor: 'operator', ...kept(env.SEED_KEYS.operator, env) },
  ];
  for (const token of tokens) {
    const { digest, hint } = token;
    await prisma.identityAccessToken.upsert({ where: { id: token.id }, create: token, update: { digest, hint } });
  }
}

const kept = (secret: string, env: SeedEnv) => ({ digest: digestKey(secret, env.KEY_PEPPER), hint: maskKey(secret) });
