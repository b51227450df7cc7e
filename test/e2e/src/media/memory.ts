import { readFileSync } from 'node:fs';

import { running } from '../platform.js';
import { processOf } from '../processes.js';

export const MIB = 1_048_576;
const SAMPLE_MS = 20;

/** Resident memory of the processes that serve these parts of the platform, as the kernel counts it. */
function residentBytes(names: readonly string[]): number {
  const { pids } = running();
  const kilobytes = names.map(
    (name) => /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pids[name]}/status`, 'utf8'))?.[1],
  );
  return kilobytes.reduce((sum, one) => sum + Number(one) * 1_024, 0);
}

/** By how much these parts of the platform grow while something is done, at most, in MiB. */
export async function growthOf(services: readonly string[], work: () => Promise<unknown>): Promise<number> {
  const names = [...new Set(services.map(processOf))];
  const before = residentBytes(names);
  let most = before;
  const sampler = setInterval(() => (most = Math.max(most, residentBytes(names))), SAMPLE_MS);
  try {
    await work();
  } finally {
    clearInterval(sampler);
  }
  return Math.round((Math.max(most, residentBytes(names)) - before) / MIB);
}
