// CPU time and memory of whole process trees, read from /proc: a target's Postgres, NATS and Redis count as its own.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK']).toString());
const PAGE_BYTES = Number(execFileSync('getconf', ['PAGESIZE']).toString());

function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything, spaces included.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [user, system, childUser, childSystem] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), ticks: user + system + childUser + childSystem, pages: Number(fields[21]) };
  } catch {
    return undefined;
  }
}

/** CPU seconds used so far and resident bytes now, of these processes and all their descendants. */
export function measureTrees(pids) {
  const stats = new Map();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readStat(name) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  const counted = new Set(pids);
  for (let grew = true; grew;) {
    grew = false;
    for (const [pid, { parent }] of stats)
      if (counted.has(parent) && !counted.has(pid)) {
        counted.add(pid);
        grew = true;
      }
  }
  const own = [...counted].map((pid) => stats.get(pid)).filter(Boolean);
  return {
    cpuSeconds: own.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_SECOND,
    residentBytes: own.reduce((sum, { pages }) => sum + pages, 0) * PAGE_BYTES,
  };
}
