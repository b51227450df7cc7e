import type { Plan } from '@bytespike/contracts';

import { RecentPlans } from './recent-plans.js';
import { plan as sample } from './testing/samples.js';

const FEATURES = { stream: false, tools: false, vision: false, thinking: false, state: false, capsule: false };
const QUESTION = {
  groupId: 'group',
  protocol: 'openai-chat',
  operation: 'generate',
  model: 'model',
  features: FEATURES,
} as const;
const context = { requestId: 'request', deadline: 1, signal: new AbortController().signal };

/** Plans over a router that answers with these, in turn. */
function plansOver(...answers: readonly (() => Promise<Plan>)[]) {
  const clock = { now: 1_000 };
  let asked = 0;
  const routing = { plan: () => answers[asked++ % answers.length]!() };
  const plans = new RecentPlans({ routing, now: () => clock.now });
  const find = (change: Partial<Parameters<RecentPlans['find']>[0]> = {}) =>
    Promise.resolve(plans.find({ ...QUESTION, ...change }, context));
  return { clock, find, asked: () => asked };
}

const answers = (reusableMs?: number) => () =>
  Promise.resolve({ ...sample, ...(reusableMs !== undefined && { reusableMs }) });

describe('a plan', () => {
  it('is used again while the router says so, and not a moment longer', async () => {
    const { clock, find, asked } = plansOver(answers(100), () => Promise.reject(new Error('refused')), answers(100));
    const first = await find();
    clock.now += 74;
    expect([await find(), asked()]).toEqual([first, 1]);
    clock.now += 1;
    await expect(find()).rejects.toThrow('refused');
    clock.now += 24;
    expect([await find(), asked()]).toEqual([first, 2]);
    clock.now += 1;
    await find();
    expect(asked()).toBe(3);
  });

  it('is renewed by one who asks, before its time is over, and used by the others meanwhile', async () => {
    const { clock, find, asked } = plansOver(answers(100));
    const first = await find();
    clock.now += 75;
    const [renewed, used] = await Promise.all([find(), find()]);
    expect([used === first, renewed === first, asked()]).toEqual([true, false, 2]);
    clock.now += 74;
    expect([await find(), asked()]).toEqual([renewed, 2]);
  });

  it('is asked for each time when the router does not say that it may be used again', async () => {
    const { find, asked } = plansOver(answers());
    await find();
    await find();
    expect(asked()).toBe(2);
  });

  it.each([
    { name: 'another group', change: { groupId: 'other' } },
    { name: 'another protocol', change: { protocol: 'anthropic-messages' as const } },
    { name: 'another operation', change: { operation: 'count' as const } },
    { name: 'another model', change: { model: 'other' } },
    ...Object.keys(FEATURES).map((name) => ({ name, change: { features: { ...FEATURES, [name]: true } } })),
  ])('answers no other question: $name', async ({ change }) => {
    const { find, asked } = plansOver(answers(100));
    await find();
    await find(change);
    expect(asked()).toBe(2);
  });

  it('is not kept when it was refused, nor for a name that is none', async () => {
    const { find, asked } = plansOver(() => Promise.reject(new Error('refused')), answers(100));
    await expect(find()).rejects.toThrow('refused');
    await find();
    for (let times = 0; times < 2; times += 1) await find({ model: 'm'.repeat(201) }).catch(() => undefined);
    expect(asked()).toBe(4);
  });
});
