// Runs the Prisma CLI without its downloads. Prisma 7 still migrates through a native schema engine, fetched from
// the vendor's host; where the install brought none, our WebAssembly stand-in speaks its protocol (see its header).
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** The schema engine to use: a given one, the one the install brought, or the stand-in. */
function schemaEngine() {
  if (process.env.PRISMA_SCHEMA_ENGINE_BINARY) return process.env.PRISMA_SCHEMA_ENGINE_BINARY;
  const engines = join(root, 'node_modules/@prisma/engines');
  const native = existsSync(engines)
    ? readdirSync(engines).find((name) => name.startsWith('schema-engine-') && !name.includes('.gz'))
    : undefined;
  return native ? join(engines, native) : join(root, 'tools/prisma-schema-engine.mjs');
}

/** Runs one Prisma command; resolves with its exit code and what it printed. */
export function runPrisma(args, environment = {}) {
  const child = spawn(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...environment,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      PRISMA_SCHEMA_ENGINE_BINARY: schemaEngine(),
      // The stand-in is a script started by its first line; it must find the pinned Node first.
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    },
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(output).toString('utf8') }));
  });
}

/** As `runPrisma`, throwing what the command printed when it fails. */
export async function prismaOrThrow(args, environment) {
  const { code, output } = await runPrisma(args, environment);
  if (code !== 0) throw new Error(`prisma ${args.join(' ')} failed:\n${output}`);
  return output;
}
