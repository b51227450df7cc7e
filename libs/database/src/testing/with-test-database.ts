import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { migrations } from './migrations.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends every session on the database and removes it. */
  drop(): Promise<void>;
}

/** Any number, so long as all test processes agree on it: one of them builds the template, the others wait. */
const TEMPLATE_LOCK = 4_711_017;

/**
 * A freshly migrated database of its own, cloned (some tens of milliseconds) from a template that is made once per
 * server and set of migrations. `maintenanceUrl` is the one the test bootstrap gives.
 */
export async function withTestDatabase(maintenanceUrl = process.env['TEST_DATABASE_URL']): Promise<TestDatabase> {
  if (!maintenanceUrl) throw new Error('TEST_DATABASE_URL is not set: run the tests with `node tools/jest.mjs int`');
  const template = await ensureTemplate(maintenanceUrl);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(maintenanceUrl, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  return {
    url: databaseUrl(maintenanceUrl, name),
    drop: () => execute(maintenanceUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

async function ensureTemplate(maintenanceUrl: string): Promise<string> {
  const { scripts, hash } = migrations();
  const template = `template_${hash}`;
  await withClient(maintenanceUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await buildTemplate(client, maintenanceUrl, template, scripts);
  });
  return template;
}

/** Built under another name and renamed when it is whole, so that a killed run leaves no half template behind. */
async function buildTemplate(client: pg.Client, maintenanceUrl: string, template: string, scripts: readonly string[]) {
  const building = `${template}_building`;
  await client.query(`DROP DATABASE IF EXISTS "${building}" WITH (FORCE)`);
  await client.query(`CREATE DATABASE "${building}"`);
  await withClient(databaseUrl(maintenanceUrl, building), async (inside) => {
    for (const script of scripts) await inside.query(script);
  });
  await client.query(`ALTER DATABASE "${building}" RENAME TO "${template}"`);
}

const execute = (url: string, statement: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query(statement);
  });

async function withClient(url: string, action: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await action(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(maintenanceUrl: string, name: string): string {
  const url = new URL(maintenanceUrl);
  url.pathname = `/${name}`;
  return url.toString();
}
