import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const tools = join(fileURLToPath(new URL('../../', import.meta.url)), 'tools');

/** A Node of its own with this module as its program: what is tried here is what outlives a process, and what does not. */
export function runScript(text: string, environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const args = ['--no-warnings', '--input-type=module', '--eval', text];
  return spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The first line that it says. */
export async function firstLine(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes('\n')) break;
  }
  return said.split('\n')[0] ?? '';
}

export async function untilGone(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
