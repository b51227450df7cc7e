import { aTask } from '../testing/a-task.js';
import { targetOf } from '../testing/film-input.js';
import { cancelOutlook } from './cancel-outlook.js';
import type { Task } from './task.js';

const stoppable = [targetOf({ vendor: 'bytedance', upstreamModel: 'seedance' })];
const report: Task['report'] = { state: 'succeeded', word: 'completed', assets: [], rendered: {} };

describe('what may be expected of a cancel', () => {
  it.each<{ name: string; change: Partial<Task>; outlook: ReturnType<typeof cancelOutlook> }>([
    { name: 'is nothing more where it has ended', change: { state: 'cancelled' }, outlook: undefined },
    { name: 'is all where nothing was sent', change: { state: 'pending' }, outlook: 'asked' },
    { name: 'is much while it is being sent', change: { state: 'submitting' }, outlook: 'asked' },
    { name: 'is little of a vendor that cannot', change: { state: 'running' }, outlook: 'unstoppable' },
    { name: 'is something of one that can', change: { state: 'running', targets: stoppable }, outlook: 'asked' },
    { name: 'is nothing of what is made', change: { state: 'running', targets: stoppable, report }, outlook: 'ending' },
    { name: 'is nothing of what is being settled', change: { state: 'settling' }, outlook: 'ending' },
  ])('$name', ({ change, outlook }) => {
    expect(cancelOutlook(aTask(change))).toBe(outlook);
  });
});
