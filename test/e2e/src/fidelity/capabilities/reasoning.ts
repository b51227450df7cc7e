import { inexpressible, kept, results, user, type Ask } from '../neutral.js';
import { hold, holdThat, OSLO, TOOLS, type Capability } from './capability.js';

/** What the model thinks, how hard, and what of it must come back. */
export const reasoning: readonly Capability[] = [
  {
    name: 'reasoning shown',
    mayLose: ['L43'],
    run: async ({ send, asksToSee }) => {
      const { answered } = await send({ turns: [user('think: step by step\nsay: done')], reasoning: 'shown' });
      if (!asksToSee && answered.reasoning === '') inexpressible('a wish to see the reasoning');
      hold('what is shown', [answered.reasoning, answered.text], ['step by step', 'done']);
    },
  },
  {
    name: 'reasoning state over a tool loop',
    mayLose: ['L40'],
    run: async ({ send }) => {
      const script = `think: one\n${OSLO}\nthen\nthink: two\n${OSLO}\nthen\nsay: done`;
      const turns: Ask['turns'][number][] = [user(script)];
      for (const text of ['sun', 'rain']) {
        const { answered } = await send({ turns, tools: TOOLS, reasoning: 'shown' });
        const [call] = answered.calls;
        holdThat('a call', call !== undefined);
        if (call) turns.push(kept(answered), results({ type: 'result', call, text }));
      }
      const { received, answered } = await send({ turns, tools: TOOLS, reasoning: 'shown' });
      hold('the answer', answered.text, 'done');
      hold('the state of both steps', received.state.filter((state) => state !== '').length >= 2, true);
    },
  },
  {
    name: 'reasoning effort',
    mayLose: ['L43'],
    run: async ({ send }) => {
      const low = await send({ turns: [user('say: ok')], reasoning: { effort: 'low' } });
      hold('low', [low.received.effort, low.answered.text], ['low', 'ok']);
      const high = await send({ turns: [user('say: ok')], reasoning: { effort: 'high' } });
      hold('high', high.received.effort, 'high');
    },
  },
  {
    name: 'reasoning off',
    mayLose: ['L43'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('think: not this\nsay: ok')], reasoning: 'off' });
      hold('the answer', [answered.reasoning, answered.text], ['', 'ok']);
      hold('the switch', received.effort, 'none');
    },
  },
];
