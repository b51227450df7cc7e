import { createGates } from '../faults/gates.js';
import { parseFaults } from '../faults/fault-plan.js';
import { isOrder } from '../faults/render-orders.js';
import { until } from '../testing/watch.js';
import { progressOf, queued, queueMsOf, renderMsOf, subjectAt } from './render.js';
import { createRenders } from './renders.js';

const order = (prompt: string, more: object = {}) => ({
  ...{ id: prompt, wire: 'veo' as const, key: 'sim-key', model: 'veo-3.1', prompt, asked: {} },
  ...more,
});

describe('renders', () => {
  it('pass from the queue over the work to the end, telling of each step', async () => {
    const gates = createGates();
    const renders = createRenders({ gates, now: Date.now });
    const seen: string[] = [];
    renders.begin(order('[[fault: queue-hold=q render-hold=r]]'), ({ state }) => seen.push(state));
    const passes = (gate: string) =>
      until(
        () => Promise.resolve(gates.release(gate)),
        (count) => count === 1,
      );
    await passes('q');
    await passes('r');
    await until(
      () => Promise.resolve(seen),
      (states) => states.length === 2,
    );
    expect([seen, renders.summary()]).toEqual([['running', 'ended'], { taken: { veo: 1 }, open: 0, takenAgain: 0 }]);
  });

  it('stop where they are called off, and free their place at the gate', async () => {
    const gates = createGates();
    const renders = createRenders({ gates, now: Date.now });
    const render = renders.begin(order('[[fault: queue-hold=q]]'));
    await until(
      () => Promise.resolve(gates.waiting()),
      ({ q }) => q === 1,
    );
    renders.cancel(render);
    expect([render.state, gates.waiting()['q'] ?? 0, renders.summary().open]).toEqual(['cancelled', 0, 0]);
  });

  it('are counted by their words, whoever asks', () => {
    const renders = createRenders({ gates: createGates(), now: Date.now });
    renders.fulfil(order('a cat'));
    renders.fulfil(order('a cat', { id: '2', key: 'sim-other' }));
    renders.fulfil(order('a dog'));
    expect([renders.timesTaken(order('a cat')), renders.timesTaken(order('a dog'))]).toEqual([2, 1]);
    expect(renders.summary().takenAgain).toBe(1);
    renders.clear();
    expect(renders.summary()).toEqual({ taken: {}, open: 0, takenAgain: 0 });
  });

  it('progress with time, and are not done before they have ended', () => {
    const render = { ...queued(order('[[fault: render-ms=1000]]'), 0), startedMs: 0, state: 'running' as const };
    expect([0, 250, 5_000].map((nowMs) => progressOf(render, nowMs))).toEqual([0, 25, 99]);
    expect(progressOf({ ...render, state: 'ended' }, 5_000)).toBe(100);
  });

  it.each([
    ['', 200, 1_200],
    ['render-ms=50', 50, 50],
    ['render-hold=g', 0, 0],
    ['queue-hold=g', 0, 1_200],
    ['queue-ms=7 render-ms=0', 7, 0],
  ])('take their time as ordered by "%s"', (faults, queueMs, renderMs) => {
    const orders = parseFaults(faults);
    expect([queueMsOf(orders), renderMsOf(orders)]).toEqual([queueMs, renderMs]);
  });

  it('are struck at each step by the marks for it alone', () => {
    const prompt = 'x [[fault: render-ms=0]] [[fault poll: status=403 times=2]] [[fault asset: reset]]';
    const marked = order(prompt, { id: 'op1' });
    expect(subjectAt(marked, 'poll').prompt).toBe('op1 poll [[fault: status=403 times=2]]');
    expect(subjectAt(marked, 'asset').prompt).toContain('[[fault: reset]]');
    expect(subjectAt(marked, 'cancel').prompt).not.toContain('fault');
  });

  it.each(['render-ms=soon', 'asset-bytes=5g', 'asset-bytes=', 'outcome', 'samples=-1'])('refuse "%s"', (fault) => {
    expect(() => parseFaults(fault)).toThrow();
  });

  it('know every order for one, and no fault', () => {
    const fields = Object.keys(parseFaults('render-ms=1 asset-bytes=2k outcome=x item-errors=1 status=503 reset'));
    expect(fields.filter(isOrder)).toEqual(['renderMs', 'assetBytes', 'outcome', 'itemErrors']);
  });
});
