import { user } from '../neutral.js';
import { hold, holdThat, type Capability } from './capability.js';

/** How an answer ends, well or badly. */
export const endings: readonly Capability[] = [
  {
    name: 'refusal',
    mayLose: [],
    run: async ({ send }) => {
      const { answered } = await send({ turns: [user('refuse cyber')], reasoning: 'off' });
      hold('the finish', answered.finish, 'refusal');
    },
  },
  {
    name: 'empty answer',
    mayLose: [],
    run: async ({ send }) => {
      const { answered } = await send({ turns: [user('empty')], reasoning: 'off' });
      hold('the answer', [answered.text, answered.finish], ['', 'end']);
    },
  },
  {
    name: 'error before the first byte',
    mayLose: [],
    run: async ({ sendToBreak }) => {
      const broken = await sendToBreak({ turns: [user('[[fault: status=500]]\nsay: ok')] });
      hold('the status', [broken.status, broken.message !== ''], [502, true]);
    },
  },
  {
    name: 'error after the first byte',
    mayLose: [],
    run: async ({ stream, sendToBreak, failedIn }) => {
      const broken = await sendToBreak({
        turns: [user(`[[fault: ${stream ? 'stream-error=60' : 'cut=1'}]]\nwords 400`)],
        reasoning: 'off',
      });
      if (stream) holdThat('an error in the dialect and no proper end', failedIn(broken.events) && !broken.whole);
      else hold('the status', broken.status, 502);
    },
  },
  {
    name: 'leaving',
    mayLose: [],
    run: async ({ stream, sendAndLeave }) => {
      const held = stream ? 'hold=fidelity hold-after=60' : 'hold=fidelity';
      // Resolves once the vendor has seen its caller go.
      await sendAndLeave({ turns: [user(`[[fault: ${held}]]\nwords 900`)], reasoning: 'off' });
    },
  },
];
