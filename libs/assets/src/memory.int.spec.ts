import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { startS3Server } from './testing/index.js';

const MIB = 1024 * 1024;
const BYTES = 500 * MIB;
const GROWTH_MAX = 64 * MIB;
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Writing and reading a gigabyte takes its time on a machine that others share. */
const PATIENCE_MS = 180_000;

let folder: string;

beforeAll(() => {
  const program = ['tools/build.mjs', 'assets-memory', 'libs/assets/src/testing/measure-memory.ts'];
  execFileSync(process.execPath, program, { cwd: root });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bytespike-memory-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs in a process of its own, where nothing but the store can have grown. */
async function measure(...args: string[]): Promise<{ read: number; growth: number }> {
  const program = join(root, 'dist/assets-memory/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, String(BYTES), ...args]);
  return JSON.parse(stdout) as { read: number; growth: number };
}

describe('500 MiB in and out', () => {
  it(
    'grow a process by less than 64 MiB, with a local folder',
    async () => {
      const { read, growth } = await measure('local', folder);
      expect(read).toBe(BYTES);
      expect(growth).toBeLessThan(GROWTH_MAX);
    },
    PATIENCE_MS,
  );

  it(
    'grow a process by less than 64 MiB, with S3',
    async () => {
      const server = await startS3Server(() => new Date());
      const { endpoint = '', region, accessKeyId, secretAccessKey } = server.account;
      const args = ['s3', folder, endpoint, region, accessKeyId, secretAccessKey, server.bucket];
      const { read, growth } = await measure(...args).finally(() => server.close());
      expect(read).toBe(BYTES);
      expect(growth).toBeLessThan(GROWTH_MAX);
    },
    PATIENCE_MS,
  );
});
