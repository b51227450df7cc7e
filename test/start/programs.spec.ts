import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { firstLine, runScript, tools, untilGone } from './run-script.js';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'bytespike-programs-'));
  symlinkSync(join(tools, '../node_modules'), join(checkout, 'node_modules'));
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
  for (const file of ['platform/programs.mjs', 'infra/places.mjs'])
    cpSync(join(tools, file), join(checkout, 'tools', file));
});

afterEach(() => {
  rmSync(checkout, { recursive: true });
});

/** What whoever starts this program is told. */
async function told(program: string): Promise<string> {
  const main = join(checkout, 'dist/router/main.js');
  mkdirSync(dirname(main), { recursive: true });
  writeFileSync(main, program);
  const child = runScript(`
    import { startProgram } from '${checkout}/tools/platform/programs.mjs';
    try {
      const program = await startProgram({ name: 'router', environment: process.env, launched: () => undefined });
      console.log(JSON.stringify(program.addresses));
      await program.stop();
    } catch (error) {
      console.log(JSON.stringify(error.message));
    }
  `);
  const said = await firstLine(child);
  await untilGone(child);
  return said;
}

it('is told where a program serves', async () => {
  const program = `process.send({ type: 'ready', addresses: { router: 'http://here' } });`;
  expect(await told(program)).toBe('{"router":"http://here"}');
});

it('is told why a program cannot start, whatever its log still writes at its exit', async () => {
  const program = `
    process.once('exit', () => process.stderr.write('{"level":40,"msg":"the connection to NATS broke"}\\n'));
    process.stderr.write('router cannot start: NATS has no JetStream\\n');
    process.send({ type: 'failed', reason: 'NATS has no JetStream' }, () => process.exit(1));
  `;
  expect(await told(program)).toBe('"router cannot start: NATS has no JetStream"');
});

it('is told the last words of a program that told nothing', async () => {
  expect(await told(`process.stderr.write('a cry\\n', () => process.exit(1));`)).toBe('"a cry"');
});
