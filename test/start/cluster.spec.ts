import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { runScript, tools, untilGone } from './run-script.js';

/** Writes what initdb writes first, and takes with it whoever asked, as a machine does that loses its power. */
const DYING_INITDB = `#!/bin/sh
echo 18 > "$2/PG_VERSION"
echo called >> "$(dirname "$0")/calls"
kill -9 $PPID
`;

it('makes a cluster anew that was not finished', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'bytespike-cluster-'));
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'initdb'), DYING_INITDB);
  writeFileSync(join(bin, 'calls'), '');
  // As root, all of this is done by another user.
  for (const [path, mode] of [
    [scratch, 0o755],
    [bin, 0o755],
    [join(bin, 'initdb'), 0o755],
    [join(bin, 'calls'), 0o666],
  ] as const)
    chmodSync(path, mode);
  const folder = JSON.stringify(relative(join(tools, '..'), scratch));
  const start = `
    import { startPostgres } from '${tools}/infra/postgres.mjs';
    await startPostgres({ folder: ${folder}, port: 1 }).catch(() => undefined);
    process.exit();
  `;
  for (let life = 1; life <= 2; life += 1) await untilGone(runScript(start, { POSTGRES_BIN: bin }));
  expect(readFileSync(join(bin, 'calls'), 'utf8')).toBe('called\ncalled\n');
  rmSync(scratch, { recursive: true });
});
