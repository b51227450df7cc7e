import { user, type Ask } from '../neutral.js';
import { hold, holdThat, type Capability } from './capability.js';

/** Long enough for every vendor to remember. */
const LONG = 'Facts worth remembering. '.repeat(1_200);
const COUNT_TOLERANCE = 0.15;

/** What is counted, and what need not be counted twice. */
export const accounting: readonly Capability[] = [
  {
    name: 'usage',
    // Where thinking cannot be switched off its tokens are in the sum.
    mayLose: ['L43'],
    run: async ({ send }) => {
      const { answered } = await send({ turns: [user('count to 60')], reasoning: 'off' });
      holdThat('the input', answered.usage.input > 3);
      // The same text weighs the same at every simulated vendor.
      hold('the output', answered.usage.output, 60);
    },
  },
  {
    name: 'cache marks',
    mayLose: ['L83'],
    run: async ({ send }) => {
      const { received } = await send({ system: LONG, turns: [user(`${LONG}\nsay: ok`)], marks: 'on' });
      hold('the marks', received.marks, 2);
    },
  },
  {
    name: 'usage of a cached prompt',
    mayLose: [],
    run: async ({ send, cachesMarked }) => {
      const turns = [user(`${LONG}\nsay: ok`)];
      const ask: Ask = { system: LONG, turns, ...(cachesMarked && { marks: 'on' }) };
      const first = (await send(ask)).answered.usage;
      const second = (await send(ask)).answered.usage;
      hold('the whole input', second.input, first.input);
      holdThat(`cached tokens (${first.cached}, then ${second.cached})`, second.cached > first.cached);
    },
  },
  {
    name: 'token counting',
    mayLose: [],
    run: async ({ send, count }) => {
      const ask = { system: 'Be brief.', turns: [user(`${LONG}\nsay: ok`)] };
      const counted = await count(ask);
      const { usage } = (await send(ask)).answered;
      const off = Math.abs(counted - usage.input) / usage.input;
      holdThat(`counted ${counted} of ${usage.input} tokens`, off <= COUNT_TOLERANCE);
    },
  },
  {
    name: 'web search with citations',
    mayLose: ['L22'],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user('search: tides 漢字 😀')], search: 'offered' });
      holdThat('the search', received.search);
      hold('what is cited', answered.citations.slice(0, 1), [
        {
          url: 'https://example.com/tides-/1',
          words: 'Page 1 says that tides 漢字 😀 is well understood.',
        },
      ]);
    },
  },
];
