import { eventually, mode, running } from './platform.js';

/** The process that serves a part of the platform: its own when split, else the one that holds them all. */
export const processOf = (service: string): string => (mode === 'split' ? service : 'all-in-one');

/** Sends a signal to a process of the platform and answers its number. */
export function signal(name: string, kind: 'SIGKILL' | 'SIGTERM'): number {
  const pid = running().pids[name];
  if (pid === undefined) throw new Error(`no process ${name}`);
  process.kill(pid, kind);
  return pid;
}

/** Resolves when the supervisor has another process in the place of this one. */
export const untilReplaced = (name: string, pid: number, limitMs = 30_000): Promise<number> =>
  eventually(async () => {
    const now = running().pids[name];
    return now !== undefined && now !== pid ? now : undefined;
  }, limitMs);

/**
 * Has the process that calls the vendors go and come back, and with it what it remembers of failures that a spec has
 * ordered by the dozen: spent retries above all, which other specs count on.
 */
export async function forgetVendorFailures(): Promise<void> {
  const name = processOf('upstream-adapters');
  await untilReplaced(name, signal(name, 'SIGTERM'));
}
