import { user } from '../neutral.js';
import { hold, holdThat, type Capability } from './capability.js';

const SCHEMA = {
  type: 'object',
  properties: { colour: { type: 'string', enum: ['red', 'green'] } },
  required: ['colour'],
  additionalProperties: false,
};

/** How the answer is to look, and how long it may be. */
export const settings: readonly Capability[] = [
  {
    name: 'structured output',
    mayLose: ['L50'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('answer')], format: { schema: SCHEMA } });
      hold('the format', received.format, 'schema');
      hold('the answer', answered.text, '{"colour":"red"}');
    },
  },
  {
    name: 'JSON mode',
    mayLose: ['L50'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('answer in json\nsay: {"a":1}')], format: 'json' });
      hold('the format', received.format, 'json');
      hold('the answer', answered.text, '{"a":1}');
    },
  },
  {
    name: 'stop sequences',
    mayLose: ['L61'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('say: one END two')], stop: ['END'] });
      hold('the sequences', received.stop, ['END']);
      hold('the answer', answered.text.trimEnd(), 'one');
      holdThat('the finish', ['end', 'stop-sequence'].includes(answered.finish));
    },
  },
  {
    name: 'token limit',
    mayLose: [],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('words 500')], maxTokens: 32, reasoning: 'off' });
      hold('the limit', received.maxTokens, 32);
      hold('the finish', answered.finish, 'length');
      holdThat('the answer', answered.text.startsWith('amber birch'));
    },
  },
  {
    name: 'temperature',
    mayLose: ['L60'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('say: ok')], temperature: 0.5 });
      hold('the setting', received.temperature, 0.5);
      hold('the answer', answered.text, 'ok');
    },
  },
  {
    name: 'top-p',
    mayLose: ['L60'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('say: ok')], topP: 0.9 });
      hold('the setting', received.topP, 0.9);
      hold('the answer', answered.text, 'ok');
    },
  },
  {
    name: 'seed',
    mayLose: ['L60'],
    run: async ({ send }) => {
      const { received } = await send({ turns: [user('say: ok')], seed: 7 });
      hold('the seed', received.seed, 7);
    },
  },
  {
    name: 'end user',
    mayLose: ['L82'],
    run: async ({ send }) => {
      const { received } = await send({ turns: [user('say: ok')], endUser: 'user-1234' });
      hold('the id', received.endUser, 'user-1234');
    },
  },
];
