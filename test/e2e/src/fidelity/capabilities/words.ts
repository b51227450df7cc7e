import { countTo } from '../../wires.js';
import { user } from '../neutral.js';
import { hold, holdThat, type Capability } from './capability.js';

const UNICODE = 'naïve 漢字 😀👩‍👩‍👧 עברית e\u0301 \u{1F1F3}\u{1F1F4}';

/** What is said, by whom and in what order. */
export const words: readonly Capability[] = [
  {
    name: 'text',
    mayLose: [],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('count to 12')] });
      holdThat('the prompt', received.text.includes('count to 12'));
      hold('the answer', [answered.text, answered.finish], [countTo(12), 'end']);
    },
  },
  {
    name: 'Unicode',
    mayLose: [],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user(`say: ${UNICODE}`)] });
      holdThat('the prompt', received.text.includes(UNICODE));
      hold('the answer', answered.text, UNICODE);
    },
  },
  {
    name: 'long text',
    mayLose: [],
    run: async ({ send }) => {
      const long = 'All work and no play. '.repeat(4_000);
      const { received, answered } = await send({ turns: [user(`${long}\ncount to 900`)] });
      holdThat('the prompt', received.text.includes(long));
      hold('the answer', answered.text, countTo(900));
    },
  },
  {
    name: 'system prompt',
    mayLose: [],
    run: async ({ send }) => {
      const { received, answered } = await send({ system: 'Be brief.', turns: [user('system')] });
      holdThat('the prompt', received.system.includes('Be brief.'));
      hold('the answer', answered.text, 'Be brief.');
    },
  },
  {
    name: 'system turn in mid-conversation',
    mayLose: ['L03'],
    run: async ({ send }) => {
      const later = { role: 'system', parts: [{ type: 'text', text: 'From now on, whisper.' }] } as const;
      const before = { role: 'assistant', parts: [{ type: 'text', text: 'Hello.' }] } as const;
      const { received, answered } = await send({ turns: [user('hi'), before, user('say: yes'), later] });
      holdThat('the text', `${received.text}${received.system}`.includes('From now on, whisper.'));
      hold('the answer', answered.text, 'yes');
      hold('the place', received.roles, ['user', 'assistant', 'user', 'system']);
    },
  },
  {
    name: 'several turns',
    mayLose: [],
    run: async ({ send }) => {
      const before = { role: 'assistant', parts: [{ type: 'text', text: 'Hello Ada.' }] } as const;
      const { received, answered } = await send({ turns: [user('my name is Ada'), before, user('recall')] });
      hold('the roles', received.roles, ['user', 'assistant', 'user']);
      holdThat('the answer', /my name is Ada \| assistant: Hello Ada\. \| user: .*recall/s.test(answered.text));
    },
  },
];
