import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { eventually, home, mode, running } from './platform.js';

/** The process that serves a part of the platform: its own when split, else the one that holds them all. */
export const processOf = (service: string): string => (mode === 'split' ? service : 'all-in-one');

/** Sends a signal to a process of the platform and answers its number. */
export function signal(name: string, kind: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP'): number {
  const pid = running().pids[name];
  if (pid === undefined) throw new Error(`no process ${name}`);
  process.kill(pid, kind);
  return pid;
}

/** Resolves when the supervisor has another process in the place of this one. */
export const untilReplaced = (name: string, pid: number, limitMs = 60_000): Promise<number> =>
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

/** When a process died, and which. */
export interface Death {
  readonly pid: number;
  readonly atMs: number;
}

/** Writes down every death of a process from now on, as the supervisor tells it when there is another in its place. */
export function watchDeaths(name: string): { readonly deaths: readonly Death[]; stop(): void } {
  const deaths: Death[] = [];
  const lastEnd = (): Death | undefined => running().ends[name];
  let known = lastEnd()?.pid;
  const look = (): void => {
    const end = lastEnd();
    if (!end || end.pid === known) return;
    known = end.pid;
    deaths.push({ pid: end.pid, atMs: end.atMs });
  };
  const timer = setInterval(look, WATCH_MS);
  return {
    deaths,
    stop: () => {
      clearInterval(timer);
      look();
    },
  };
}

const WATCH_MS = 25;

/** Kills NATS and deletes what JetStream had stored, before there is another in its place. */
export async function loseJetStream(): Promise<void> {
  const pid = signal('nats', 'SIGKILL');
  await eventually(async () => (isAlive(pid) ? undefined : true));
  rmSync(join(home, 'nats'), { recursive: true, force: true });
  await untilReplaced('nats', pid);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
