// Runs one project's tests: `node tools/jest.mjs unit|int|e2e <projectRoot> [jest arguments]`.
import { spawnSync } from 'node:child_process';

const [kind, project, ...rest] = process.argv.slice(2);
const args = [
  '--experimental-vm-modules',
  '--no-warnings',
  'node_modules/jest/bin/jest.js',
  '-c',
  `tools/jest/${kind}.config.mjs`,
  '--rootDir',
  project,
  '--passWithNoTests',
  ...rest,
];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
