// Type-checks every tsconfig of one project: `node tools/typecheck.mjs libs/kernel`. A pure library has two:
// its own (no DOM, no Node: I/O does not exist there) and one for its tests.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const project = process.argv[2];
const configs = readdirSync(project).filter((name) => /^tsconfig(\.\w+)?\.json$/.test(name));
const failed = configs.filter((name) => {
  const args = ['node_modules/typescript7/bin/tsc', '-p', join(project, name), '--noEmit'];
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0;
});
process.exit(failed.length === 0 ? 0 : 1);
