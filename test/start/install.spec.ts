import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

it('installs nothing through a link, behind which the packages of another checkout are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bytespike-install-'));
  const [checkout, others, programs] = ['checkout', 'others', 'programs'].map((name) => join(folder, name));
  for (const made of [`${checkout}/tools`, others!, programs!]) mkdirSync(made, { recursive: true });
  cpSync(join(tools, 'install.mjs'), `${checkout}/tools/install.mjs`);
  writeFileSync(`${checkout}/package-lock.json`, 'a lock file that nothing was installed for');
  symlinkSync(others!, `${checkout}/node_modules`);
  // Stands for npm, which would empty the folder behind the link.
  writeFileSync(`${programs}/npm`, `#!/bin/sh\necho "$@" > ${folder}/npm-was-called\nexit 1\n`, { mode: 0o755 });
  const script = `import { ensureInstalled } from '${checkout}/tools/install.mjs'; await ensureInstalled();`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${programs}:${process.env['PATH']}` },
  });
  expect(existsSync(`${folder}/npm-was-called`)).toBe(false);
  expect(stderr).toBe(
    `node_modules is a link to ${others}, which npm would empty: install there, or remove the link\n`,
  );
  expect(status).toBe(1);
  rmSync(folder, { recursive: true });
});
