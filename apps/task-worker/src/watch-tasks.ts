import { metrics } from '@bytespike/telemetry';

import type { TaskCount, TaskStore } from './store/task-store.js';

/** After which a task that waits for an operator, or for the ledger, is somebody's business. */
const PATIENCE_MS = 600_000;
/** The sweeper looks every few seconds. */
const OVERDUE_MS = 60_000;

const STUCK = { review: 'needs_review', settled: 'settling' } as const;

/** Tells the gauges how the queue stands. Every worker tells the same. */
export async function watchTasks(store: Pick<TaskStore, 'countByState'>, now: () => number): Promise<void> {
  const counts = await store.countByState(now(), { patienceMs: PATIENCE_MS, overdueMs: OVERDUE_MS });
  metrics.tasksOpen.reset();
  metrics.taskOldestSeconds.reset();
  for (const { state, vendor, open, oldestMs } of counts) {
    metrics.tasksOpen.set({ state, vendor }, open);
    metrics.taskOldestSeconds.set({ state, vendor }, oldestMs / 1_000);
  }
  for (const [why, state] of Object.entries(STUCK))
    metrics.tasksStuck.set(
      { why },
      sumOf(counts, (count) => (count.state === state ? count.stuck : 0)),
    );
  metrics.tasksStuck.set(
    { why: 'overdue' },
    sumOf(counts, ({ overdue }) => overdue),
  );
}

const sumOf = (counts: readonly TaskCount[], of: (count: TaskCount) => number): number =>
  counts.reduce((sum, count) => sum + of(count), 0);
