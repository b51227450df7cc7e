import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Logins of ordinary people on a server of its own: roles are the server's, and every other has them already. */
const SCRIPT = (folder: string) => `
  import pg from '${root}/node_modules/pg/lib/index.js';
  import { startPostgres } from '${root}/tools/infra/postgres.mjs';
  import { freePort } from '${root}/tools/infra/processes.mjs';
  import { migrate } from '${root}/tools/migrate.mjs';
  const server = await startPostgres({ folder: ${JSON.stringify(folder)}, port: await freePort() });
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  const run = (statements) => owner.query(statements);
  const said = [];
  const attempt = (login, database) => migrate(server.url.replace(/[^/]*@(.*)\\/.*/, login + '@$1/' + database))
    .then(() => said.push('done'), (error) => said.push(error.message));
  try {
    await run('CREATE ROLE ordinary LOGIN');
    await attempt('ordinary', 'mine');
    await run('CREATE DATABASE mine OWNER ordinary');
    await attempt('ordinary', 'mine');
    for (const role of ['console', 'ingress', 'ledger', 'router', 'tasks', 'translator'])
      await run('CREATE ROLE bytespike_' + role);
    await attempt('ordinary', 'mine');
  } finally {
    await owner.end();
    await server.stop();
  }
  console.log(JSON.stringify(said));
`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bytespike-rights-'));
  chmodSync(home, 0o755);
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

it('an owner who may not make what is missing is told so, and migrates when it has been made', () => {
  const args = ['--no-warnings', '--input-type=module', '--eval', SCRIPT(relative(root, home))];
  const env = { ...process.env, POSTGRES_BIN: process.env['TEST_POSTGRES_BIN_DIR'] };
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  expect(stderr).toBe('');
  const noDatabase =
    'there is no database "mine", and "ordinary" may not make one (CREATEDB): make it first, as SECURITY.md tells ("Running it")';
  const noRoles = expect.stringMatching(
    /^"ordinary" may not make roles \(CREATEROLE\), and there is no bytespike_ledger, .*: make it first, as SECURITY.md tells \("Running it"\)$/,
  );
  const both = expect.stringContaining(`${noDatabase}\n"ordinary" may not make roles`);
  expect(JSON.parse(stdout)).toEqual([both, noRoles, 'done']);
});
