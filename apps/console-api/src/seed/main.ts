import { readEnv } from '@bytespike/config';
import { createPrisma } from '@bytespike/database';
import { readSealingKey, seal } from '@bytespike/secrets';

import { CatalogueStore } from '../catalogue-store.js';
import { buildConfiguration } from './build-catalogue.js';
import { seedDemoAccount } from './demo-account.js';
import { seedEnv } from './seed-env.js';

/** Seeds a development platform before its services start: catalogue, channels, credentials, demo account. */
async function seed(): Promise<void> {
  const env = readEnv(seedEnv, process.env);
  const sealingKey = readSealingKey(env.CREDENTIALS_KEY);
  const { catalogue, credentials } = buildConfiguration(env, process.env, new Date().toISOString().slice(0, 10));
  const prisma = createPrisma(env.DATABASE_URL);
  try {
    const store = new CatalogueStore(prisma);
    await store.publish(catalogue);
    for (const channelId of new Set(credentials.map((credential) => credential.channelId))) {
      const own = credentials.filter((credential) => credential.channelId === channelId);
      const rows = own.map(({ secret, weight }, index) => {
        const id = `${channelId}-${index + 1}`;
        return { id, weight, sealed: seal(secret, id, sealingKey) };
      });
      await store.replaceCredentials(channelId, rows);
    }
    await seedDemoAccount(prisma, env, catalogue.groups);
  } finally {
    await prisma.$disconnect();
  }
}

await seed().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
