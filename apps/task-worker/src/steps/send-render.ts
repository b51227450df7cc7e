import { mayHaveArrived } from '@bytespike/bus';
import type { SubmitOutcome } from '@bytespike/contracts';
import { assert, GatewayError } from '@bytespike/kernel';
import { reached } from '@bytespike/service';

import { sending, sent } from '../domain/after-send.js';
import { PATIENCE } from '../domain/patience.js';
import { withdrawn } from '../domain/decide-end.js';
import type { Change, Task } from '../domain/task.js';
import { withChange } from '../domain/with-change.js';
import { callContext } from './call-context.js';
import { LEASE_MS } from './lease.js';
import type { WorkPorts } from './ports.js';
import { announceChange, follow, save } from './save.js';
import { tryUntil } from './try-until.js';

/** Credentials of one target that one send may try. */
const ATTEMPTS_MAX = 3;
/** What came of a send is written for so long, through any restart of the store. */
const KEPT_MS = 120_000;

/** Sends a render to its vendor: first the row says so, then it is sent, then the row says what came of it. */
export async function sendRender(task: Task, ports: WorkPorts): Promise<void> {
  const { store, moment } = ports;
  const { now } = moment();
  const written = await store.write(withChange(task, sending(task, now)), { keepLeaseMs: LEASE_MS });
  if (!written) return;
  if (written.cancelRequestedAt !== undefined) return save(written, unsent(task, now), ports);
  announceChange(task, written, ports);
  reached('task.send.written');
  const outcome = await submit(written, ports);
  reached('task.send.answered');
  // Nobody else can know this, so that it is written whoever has the lease by now.
  const changed = withChange(written, sent(written, outcome, moment()));
  const kept = await tryUntil(() => store.writeSent(changed, now), KEPT_MS, ports);
  reached('task.send.noted');
  if (kept) return follow(written, kept, ports);
  const { submitted } = outcome;
  const upstreamId = submitted.type === 'accepted' ? submitted.upstreamId : undefined;
  ports.logger.error({ taskId: task.id, upstreamId }, 'a task has gone on without what came of its send');
}

/** Its owner was sooner than its vendor. */
const unsent = ({ startedAt, sentAt, arrivedBy }: Task, now: number): Change => ({
  ...{ startedAt, sentAt, arrivedBy },
  ...withdrawn(now),
});

const NOT_SENT: SubmitOutcome = {
  submitted: { type: 'refused', failure: { kind: 'unavailable', message: 'It was too late to be sent.' } },
  attempts: [],
};

async function submit(task: Task, { vendors, moment, logger }: WorkPorts): Promise<SubmitOutcome> {
  const { asked, sentAt, arrivedBy } = task;
  const [target] = task.targets;
  assert(
    asked && target && sentAt !== undefined && arrivedBy !== undefined,
    'a task that is sent says what and to whom',
  );
  const { now } = moment();
  // A process that stood still has lost its lease, and another may have found that nothing ever came.
  if (now - sentAt > PATIENCE.transitMs) return NOT_SENT;
  // However long the row took to be written, nothing may arrive later than it says.
  const patienceMs = arrivedBy - now;
  try {
    return await vendors.submit(
      {
        input: {
          workId: task.id,
          target,
          asked,
          mark: task.mark,
          attemptsLeft: ATTEMPTS_MAX,
          patienceMs: patienceMs - PATIENCE.transitMs,
        },
      },
      // What a wire has no place for was told when the task was taken; pictures are told when all are there.
      { head: () => undefined, data: () => undefined },
      callContext(task, patienceMs),
    );
  } catch (error) {
    const failure = failureOf(error);
    logger.warn({ taskId: task.id, kind: failure.kind }, 'what came of a send is not known');
    return { submitted: { type: mayHaveArrived(error) ? 'unclear' : 'refused', failure }, attempts: [] };
  }
}

const failureOf = (error: unknown): Pick<GatewayError, 'kind' | 'message'> => {
  const { kind, message } = GatewayError.from(error);
  return { kind, message };
};
