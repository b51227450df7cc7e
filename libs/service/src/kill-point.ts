import { writeSync } from 'node:fs';

/**
 * The steps between which a process may die with money under way, in the order of a request, of a payment, and of a task. A crash test kills at each of
 * them; which promise holds when it does is the business of ADR 0020.
 */
export const KILL_POINTS = [
  'ingress.hold.asking',
  'ledger.hold.deciding',
  'ledger.hold.committed',
  'ledger.hold.carved',
  'ledger.grant.taken',
  'ingress.hold.answered',
  'ingress.content.sent',
  'ingress.answer.ended',
  'ingress.fact.stating',
  'ingress.fact.stored',
  'ledger.fact.received',
  'ledger.end.deciding',
  'ledger.end.committed',
  'ledger.fact.settled',
  'ingress.fact.confirmed',
  'ledger.credit.committed',
  'ledger.outbox.published',
  'task.hold.answered',
  'task.submit.admitted',
  'task.send.written',
  'task.send.answered',
  'task.send.noted',
  'task.copy.begun',
  'task.copy.made',
  'task.fact.stating',
  'task.fact.stored',
  'task.fact.settled',
  'task.end.written',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

interface Armed {
  readonly point: string;
  readonly kill: (point: string) => void;
  left: number;
}

let armed: Armed | undefined;

/** Nothing of ours runs after it: no handler, no flush, no farewell to anybody but whoever reads our log. */
function killHard(point: string): void {
  try {
    writeSync(process.stderr.fd, `killed at ${point}\n`);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}

/** Arms one step for this process: `ledger.hold.committed`, or `ledger.hold.committed:3` for the third time it is reached. */
export function armKillPoint(text: string, kill = killHard): void {
  const [point = '', times = '1'] = text.split(':');
  armed = { point, kill, left: Number(times) };
}

/** Says that a step has been reached. It costs one comparison, and ends the process when the step is armed. */
export function reached(point: KillPoint): void {
  if (armed === undefined || armed.point !== point) return;
  armed.left -= 1;
  if (armed.left === 0) armed.kill(point);
}
