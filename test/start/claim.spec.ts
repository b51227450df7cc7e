import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { firstLine, runScript, tools, untilGone } from './run-script.js';

let folder: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bytespike-claim-'));
});

afterEach(async () => {
  for (const child of started.splice(0)) {
    child.kill('SIGKILL');
    await untilGone(child);
  }
  rmSync(folder, { recursive: true });
});

/** A process that wants the folder, says `mine` or why not, and then goes on until it is killed. */
async function claimant(then = ''): Promise<{ child: ChildProcess; said: string }> {
  const child = runScript(`
    import { spawn } from 'node:child_process';
    import { claimFolder } from '${tools}/platform/claim.mjs';
    try {
      const claim = await claimFolder(${JSON.stringify(folder)});
      ${then}
      console.log('mine');
      setInterval(() => undefined, 1_000);
    } catch (error) {
      console.log(error.message);
    }
  `);
  started.push(child);
  return { child, said: await firstLine(child) };
}

const LAUNCH = `
  const server = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  claim.launched('redis', server.pid);
`;

const claimOf = (): { pid: number; launched: Record<string, { pid: number; born?: string }> } =>
  JSON.parse(readFileSync(join(folder, 'claim.json'), 'utf8'));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

it('gives a folder to one alone, and the next leaves it as it is', async () => {
  const first = await claimant();
  const before = claimOf();
  const second = await claimant();
  expect(first.said).toBe('mine');
  expect(second.said).toBe(`a platform already runs here (process ${first.child.pid}); stop it first`);
  expect(claimOf()).toEqual(before);
});

it('gives a folder to one of many that come at once', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => claimant()));
  expect(all.filter(({ said }) => said === 'mine')).toHaveLength(1);
  expect(all.filter(({ said }) => said.startsWith('a platform already runs here'))).toHaveLength(3);
  expect(readdirSync(folder)).toEqual(['claim.json']);
});

it('ends what one that was killed has launched, however early it was killed', async () => {
  const first = await claimant(LAUNCH);
  const server = claimOf().launched.redis!.pid;
  first.child.kill('SIGKILL');
  await untilGone(first.child);
  expect(isAlive(server)).toBe(true);
  expect((await claimant()).said).toBe('mine');
  expect(isAlive(server)).toBe(false);
});

it('takes nobody for what it has left who only has the same number', async () => {
  const bystander = runScript("console.log('here'); setInterval(() => undefined, 1_000);");
  started.push(bystander);
  await firstLine(bystander);
  const foreign = { pid: bystander.pid, born: 'long ago' };
  writeFileSync(join(folder, 'claim.json'), JSON.stringify({ ...foreign, launched: { redis: foreign } }));
  expect((await claimant()).said).toBe('mine');
  expect(isAlive(bystander.pid!)).toBe(true);
});

it('is not kept out by what a machine without power has written', async () => {
  writeFileSync(join(folder, 'claim.json'), '');
  expect((await claimant()).said).toBe('mine');
});
