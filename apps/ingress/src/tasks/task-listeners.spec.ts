import type { TaskView } from '@bytespike/contracts';

import { task } from '../testing/fake-tasks.js';
import { TaskListeners, type TaskListener } from './task-listeners.js';

interface Heard extends TaskListener {
  readonly versions: number[];
  closed: number;
}

function listener(): Heard {
  const heard: Heard = {
    versions: [],
    closed: 0,
    hear: ({ version }: TaskView) => void heard.versions.push(version),
    close: () => {
      heard.closed += 1;
    },
  };
  return heard;
}

const other: TaskView = { ...task, taskId: 'task_other', version: 9 };
const TASK = { taskId: task.taskId, keyId: 'key-1' };
const OTHER = { taskId: other.taskId, keyId: 'key-1' };

it('tells each listener of its own task, until it stops listening', () => {
  const listeners = new TaskListeners();
  const [one, two, three] = [listener(), listener(), listener()];
  const stop = listeners.add(TASK, one);
  listeners.add(TASK, two);
  const stopThird = listeners.add(OTHER, three);
  listeners.tell(task);
  stop();
  stop();
  listeners.tell({ ...task, version: 2 });
  listeners.tell(other);
  expect([one.versions, two.versions, three.versions]).toEqual([[1], [1, 2], [9]]);
  expect(listeners.taskIds()).toEqual([task.taskId, other.taskId]);
  stopThird();
  expect(listeners.taskIds()).toEqual([task.taskId]);
});

it('takes so many and no more, and others again when some have gone', () => {
  const listeners = new TaskListeners(2);
  const stop = listeners.add({ taskId: 'a', keyId: 'key-1' }, listener());
  listeners.add({ taskId: 'b', keyId: 'key-1' }, listener());
  expect(() => listeners.add({ taskId: 'c', keyId: 'key-1' }, listener())).toThrow(
    expect.objectContaining({ kind: 'unavailable' }),
  );
  stop();
  expect(() => listeners.add({ taskId: 'c', keyId: 'key-1' }, listener())).not.toThrow();
});

it('takes so many of one key, and others of another', () => {
  const listeners = new TaskListeners(10, 2);
  const stop = listeners.add(TASK, listener());
  listeners.add(OTHER, listener());
  expect(() => listeners.add(TASK, listener())).toThrow(
    expect.objectContaining({ kind: 'concurrency', retryAfterMs: 1_000 }),
  );
  expect(() => listeners.add({ ...TASK, keyId: 'key-2' }, listener())).not.toThrow();
  stop();
  stop();
  expect(() => listeners.add(TASK, listener())).not.toThrow();
  expect(() => listeners.add(TASK, listener())).toThrow(expect.objectContaining({ kind: 'concurrency' }));
});

it('lets everybody go when the process goes down, and takes nobody any more', () => {
  const listeners = new TaskListeners();
  const all = [listener(), listener(), listener()];
  for (const one of all) listeners.add(TASK, one);
  listeners.close();
  expect(all.map(({ closed }) => closed)).toEqual([1, 1, 1]);
  expect(() => listeners.add(TASK, listener())).toThrow(expect.objectContaining({ kind: 'unavailable' }));
});
