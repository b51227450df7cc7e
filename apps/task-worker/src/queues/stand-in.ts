import type { Lane } from '../domain/lane.js';

interface Waiting {
  taskIds: readonly string[];
  readonly running: Set<Promise<void>>;
}

/**
 * Looks at tasks while there is no alarm clock to ask. Lanes have their rooms here too, and nobody waits for what is begun:
 * whoever finds what is due must find the next of it while a copy of a gigabyte goes on.
 */
export class StandIn {
  private readonly lanes = new Map<Lane, Waiting>();
  private isClosed = false;

  constructor(
    private readonly look: (taskId: string) => Promise<void>,
    private readonly room: Readonly<Record<Lane, number>>,
  ) {}

  /** What waited before is forgotten: what is still due is among what is due now. */
  take(due: readonly { readonly lane: Lane; readonly taskId: string }[]): void {
    for (const lane of new Set(due.map((wake) => wake.lane))) {
      const waiting = this.lanes.get(lane) ?? { taskIds: [], running: new Set() };
      waiting.taskIds = due.filter((wake) => wake.lane === lane).map(({ taskId }) => taskId);
      this.lanes.set(lane, waiting);
      this.fill(lane, waiting);
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    for (const { running } of this.lanes.values()) while (running.size > 0) await Promise.all(running);
  }

  /** Begins no more, and waits for what runs, up to the limit: what runs then is left to whoever finds its lease expired. */
  async close(limitMs: number): Promise<void> {
    this.isClosed = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    await Promise.race([this.idle(), late]);
    clearTimeout(timer);
  }

  private fill(lane: Lane, waiting: Waiting): void {
    while (!this.isClosed && waiting.running.size < this.room[lane]) {
      const [taskId, ...others] = waiting.taskIds;
      if (taskId === undefined) return;
      waiting.taskIds = others;
      const run: Promise<void> = this.look(taskId).finally(() => {
        waiting.running.delete(run);
        this.fill(lane, waiting);
      });
      waiting.running.add(run);
    }
  }
}
