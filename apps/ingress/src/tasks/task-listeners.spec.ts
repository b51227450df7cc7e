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

it('tells each listener of its own task, until it stops listening', () => {
  const listeners = new TaskListeners();
  const [one, two, three] = [listener(), listener(), listener()];
  const stop = listeners.add(task.taskId, one);
  listeners.add(task.taskId, two);
  const stopThird = listeners.add(other.taskId, three);
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
  const stop = listeners.add('a', listener());
  listeners.add('b', listener());
  expect(() => listeners.add('c', listener())).toThrow(expect.objectContaining({ kind: 'unavailable' }));
  stop();
  expect(() => listeners.add('c', listener())).not.toThrow();
});

it('lets everybody go when the process goes down, and takes nobody any more', () => {
  const listeners = new TaskListeners();
  const all = [listener(), listener(), listener()];
  for (const one of all) listeners.add(task.taskId, one);
  listeners.close();
  expect(all.map(({ closed }) => closed)).toEqual([1, 1, 1]);
  expect(() => listeners.add(task.taskId, listener())).toThrow(expect.objectContaining({ kind: 'unavailable' }));
});
