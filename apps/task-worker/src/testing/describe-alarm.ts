import type { Alarm } from '../queues/alarm.js';

export interface AlarmUnderTest {
  /** A clock of its own that nothing else listens to. */
  readonly alarm: Alarm;
  readonly stop: () => Promise<void>;
}

/** Hears wakes, and lets a test wait for so many. */
function listener() {
  const heard: string[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  return {
    heard,
    hear: async (taskId: string): Promise<void> => {
      heard.push(taskId);
      for (const { count, resolve } of waiting) if (heard.length >= count) resolve();
    },
    until: (count: number): Promise<void> =>
      heard.length >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

/** What a run waits for until a test lets it go on. */
function gate(id: string): { readonly id: string; readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { id, opened, open: () => open() };
}

/** What every alarm clock of tasks does. It may ring more often than asked after a crash, and that is tried elsewhere. */
export function describeAlarm(name: string, make: () => Promise<AlarmUnderTest>): void {
  describe(`an alarm clock: ${name}`, () => {
    let under: AlarmUnderTest;
    beforeEach(async () => {
      under = await make();
    });
    afterEach(() => under.stop());

    it('rings for what it was asked, with nothing but its name', async () => {
      const { heard, hear, until } = listener();
      await under.alarm.listen('poll', 4, hear);

      await under.alarm.wake({ lane: 'poll', taskId: 'task_1', name: 'task_1-1-1', delayMs: 0 });

      await until(1);
      expect(heard).toEqual(['task_1']);
    });

    it('rings when it is time, the sooner first', async () => {
      const { heard, hear, until } = listener();
      await under.alarm.listen('poll', 1, hear);

      await under.alarm.wake({ lane: 'poll', taskId: 'task_late', name: 'task_late-1', delayMs: 400 });
      await under.alarm.wake({ lane: 'poll', taskId: 'task_soon', name: 'task_soon-1', delayMs: 100 });

      await until(2);
      expect(heard).toEqual(['task_soon', 'task_late']);
    });

    it('rings once for wakes of one name that wait, and again for one that comes later', async () => {
      const { heard, hear, until } = listener();
      const wake = { lane: 'settle', taskId: 'task_1', name: 'task_1-1-1', delayMs: 100 } as const;
      await Promise.all([under.alarm.wake(wake), under.alarm.wake(wake), under.alarm.wake(wake)]);
      await under.alarm.wake({ ...wake, taskId: 'task_2', name: 'task_2-1', delayMs: 300 });
      await under.alarm.listen('settle', 4, hear);

      await until(2);
      expect(heard).toEqual(['task_1', 'task_2']);
      await under.alarm.wake({ ...wake, name: 'task_1-2-2', delayMs: 0 });
      await until(3);
      expect(heard.at(-1)).toBe('task_1');
    });

    it('keeps the lanes apart, and each to its concurrency', async () => {
      const gates = ['1', '2', '3'].map(gate);
      let [running, most, ran] = [0, 0, 0];
      const { heard, hear, until } = listener();
      const begun = listener();
      await under.alarm.listen('fetch', 2, async (taskId) => {
        const closed = gates[ran];
        ran += 1;
        most = Math.max(most, (running += 1));
        await begun.hear(taskId);
        await closed?.opened;
        running -= 1;
      });
      await under.alarm.listen('poll', 1, hear);
      for (const { id } of gates)
        await under.alarm.wake({ lane: 'fetch', taskId: `task_${id}`, name: `fetch-${id}`, delayMs: 0 });
      await begun.until(2);
      await under.alarm.wake({ lane: 'poll', taskId: 'task_4', name: 'poll-4', delayMs: 0 });

      await until(1);
      expect({ heard, most, begun: begun.heard.length }).toEqual({ heard: ['task_4'], most: 2, begun: 2 });
      gates[0]?.open();
      await begun.until(3);
      for (const each of gates) each.open();
    });

    it('waits for what runs when it is closed', async () => {
      const begun = listener();
      let isDone = false;
      await under.alarm.listen('settle', 1, async (taskId) => {
        await begun.hear(taskId);
        await new Promise((resolve) => setTimeout(resolve, 50));
        isDone = true;
      });
      await under.alarm.wake({ lane: 'settle', taskId: 'task_1', name: 'task_1-1', delayMs: 0 });
      await begun.until(1);

      await under.alarm.close(5_000);

      expect(isDone).toBe(true);
    });
  });
}
