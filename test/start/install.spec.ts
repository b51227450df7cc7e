import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tools } from './run-script.js';

it('says in one line that it may not write where it lies', () => {
  const checkout = mkdtempSync(join(tmpdir(), 'bytespike-install-'));
  chmodSync(checkout, 0o755);
  for (const file of ['package-lock.json', 'tools/install.mjs']) cpSync(join(tools, '..', file), join(checkout, file));
  symlinkSync(join(tools, '../node_modules'), join(checkout, 'node_modules'));
  mkdirSync(join(checkout, '.bytespike'));
  // A file where a folder has to be: as root, a missing permission would stop nobody.
  cpSync(join(checkout, 'package-lock.json'), join(checkout, '.bytespike/programs'));
  const script = `import { ensureInstalled } from '${checkout}/tools/install.mjs'; await ensureInstalled();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^there is no place for the NATS server: EEXIST.*\n$/);
  expect(status).toBe(1);
  rmSync(checkout, { recursive: true });
});
