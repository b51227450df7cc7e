import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { firstLine, runScript, tools, untilGone } from './run-script.js';

let file: string;

beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'bytespike-secrets-')), 'secrets.json');
});

afterEach(() => {
  rmSync(join(file, '..'), { recursive: true });
});

/** The pepper a start works with, or why it does not start. */
async function started(): Promise<string> {
  const child = runScript(`
    import { developmentSecrets } from '${tools}/platform/development-secrets.mjs';
    try {
      console.log(developmentSecrets(${JSON.stringify(file)}).pepper);
    } catch (error) {
      console.log(error.message);
    }
  `);
  const said = await firstLine(child);
  await untilGone(child);
  return said;
}

it('makes secrets once, readable by their owner alone', async () => {
  const pepper = await started();
  expect(Buffer.from(pepper, 'base64')).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await started()).toBe(pepper);
});

it('adds one that an older folder lacks, and keeps the others', async () => {
  writeFileSync(file, JSON.stringify({ pepper: 'mine' }));
  expect(await started()).toBe('mine');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pepper: 'mine', webhookSecret: expect.any(String) });
});

it('says which file is broken, and never writes it over', async () => {
  writeFileSync(file, '{"pepper": "cut of');
  expect(await started()).toMatch(/secrets\.json cannot be read \(it is not JSON\): put it back, or/);
  expect(readFileSync(file, 'utf8')).toBe('{"pepper": "cut of');
});
