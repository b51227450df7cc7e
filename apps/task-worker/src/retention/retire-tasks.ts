import { createQuery, type NamedStatement, type Pool } from '@bytespike/database';
import { LIMITS } from '@bytespike/kernel';

/** Small enough that nobody waits for it. */
const STEP = 500;
/** What is left after so many steps waits for the next round. */
const STEPS_MAX = 1_000;

/** Its callbacks go with it. */
const RETIRE: NamedStatement = {
  name: 'retire-tasks',
  text: `
    DELETE FROM tasks.task WHERE id IN (
      SELECT id FROM tasks.task WHERE ended_at < now() - make_interval(days => $1)
      ORDER BY ended_at LIMIT $2
      FOR UPDATE SKIP LOCKED
    )`,
};

/** Forgets tasks that ended long ago, step by step. Several workers at once take different ones. */
export async function retireTasks(pool: Pool, signal: AbortSignal): Promise<number> {
  const query = createQuery(pool, 'tasks cannot be reached');
  let retired = 0;
  for (let steps = 0; steps < STEPS_MAX && !signal.aborted; steps += 1) {
    const { rowCount } = await query(RETIRE, [LIMITS.endedTaskDays, STEP]);
    retired += rowCount ?? 0;
    if ((rowCount ?? 0) < STEP) break;
  }
  return retired;
}
