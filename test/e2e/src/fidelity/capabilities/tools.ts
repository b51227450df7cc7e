import { kept, results, user, type Ask, type Turn } from '../neutral.js';
import type { Talk, Talked } from '../talk.js';
import { hold, holdThat, LIMA, OSLO, PIXEL, TOOLS, type Capability } from './capability.js';

const namesOf = ({ answered }: Talked): readonly string[] => answered.calls.map(({ name }) => name);

/** Has a tool called, and sends its result with whatever else is wanted of it. */
async function afterCall({ send }: Talk, result: { text: string; image?: string; failed?: true }): Promise<Talked> {
  const first: Ask = { turns: [user(OSLO)], tools: TOOLS };
  const { answered } = await send(first);
  const [call] = answered.calls;
  if (!call) return { received: (await send(first)).received, answered };
  const back: Turn = results({ type: 'result', call, ...result });
  return send({ ...first, turns: [...first.turns, kept(answered), back] });
}

/** What the model may call, and what comes back. */
export const tools: readonly Capability[] = [
  {
    name: 'tool call',
    mayLose: [],
    run: async ({ send }) => {
      const { received, answered } = await send({ turns: [user(OSLO)], tools: TOOLS });
      hold('the tools', received.tools, ['get_weather', 'get_time']);
      hold(
        'the call',
        answered.calls.map(({ name, input }) => [name, input]),
        [['get_weather', { city: 'Oslo' }]],
      );
      hold('the finish', answered.finish, 'tools');
    },
  },
  {
    name: 'two calls at once',
    mayLose: [],
    run: async ({ send }) => {
      const first: Ask = { turns: [user(`${OSLO}\n${LIMA}`)], tools: TOOLS };
      const asked = await send(first);
      hold('the calls', namesOf(asked), ['get_weather', 'get_time']);
      const back = asked.answered.calls.map(
        (call, index) => ({ type: 'result', call, text: `result ${index}` }) as const,
      );
      const { received, answered } = await send({
        ...first,
        turns: [...first.turns, kept(asked.answered), results(...back)],
      });
      hold('the results', received.results.length, 2);
      holdThat('the answer', answered.text.includes('result 0') && answered.text.includes('result 1'));
    },
  },
  {
    name: 'forced tool',
    mayLose: ['L25'],
    run: async ({ send }) => {
      const talked = await send({ turns: [user('hello')], tools: TOOLS, choice: { tool: 'get_time' } });
      hold('the choice', talked.received.choice, 'tool get_time');
      hold('the call', namesOf(talked), ['get_time']);
    },
  },
  {
    name: 'any tool',
    mayLose: ['L25'],
    run: async ({ send }) => {
      const talked = await send({ turns: [user('hello')], tools: TOOLS, choice: 'any' });
      hold('the choice', talked.received.choice, 'any');
      hold('the calls', namesOf(talked).length, 1);
    },
  },
  {
    name: 'no tool',
    mayLose: [],
    run: async ({ send }) => {
      const talked = await send({ turns: [user(`${OSLO}\nsay: no call`)], tools: TOOLS, choice: 'none' });
      hold('the calls', [namesOf(talked), talked.answered.text], [[], 'no call']);
    },
  },
  {
    name: 'allowed tools',
    mayLose: ['L25', 'L26'],
    run: async ({ send }) => {
      const talked = await send({ turns: [user(`${LIMA}\n${OSLO}`)], tools: TOOLS, choice: { allowed: ['get_time'] } });
      const { received } = talked;
      const offered = received.allowed.length > 0 ? received.allowed : received.tools;
      hold('what may be called', [...offered], ['get_time']);
      hold('the call', namesOf(talked), ['get_time']);
    },
  },
  {
    name: 'parallel calls off',
    mayLose: ['L24'],
    run: async ({ send }) => {
      const talked = await send({ turns: [user(`${OSLO}\n${LIMA}`)], tools: TOOLS, parallel: 'off' });
      hold('the switch', talked.received.parallel, 'off');
      hold('the calls', namesOf(talked).length, 1);
    },
  },
  {
    name: 'free-form tool',
    mayLose: ['L21'],
    run: async ({ send }) => {
      const { received, answered } = await send({
        turns: [user('call run_code {"input":"print(1)"}')],
        tools: [{ name: 'run_code' }],
      });
      hold(
        'the call',
        answered.calls.map(({ name, input }) => [name, input]),
        [['run_code', { input: 'print(1)' }]],
      );
      hold('the offer', [...received.freeform, ...received.tools], ['run_code']);
    },
  },
  {
    name: 'tool result: text',
    mayLose: [],
    run: async (talk) => {
      const { received, answered } = await afterCall(talk, { text: '12 degrees' });
      holdThat('the result', received.results[0]?.text.includes('12 degrees') === true);
      hold('the answer', answered.text, 'A tool answered: 12 degrees');
    },
  },
  {
    name: 'tool result: image',
    mayLose: ['L14', 'L30'],
    run: async (talk) => {
      const { received, answered } = await afterCall(talk, { text: 'a photo', image: PIXEL });
      hold('the image', received.results[0]?.images, 1);
      holdThat('the answer', answered.text.includes('image/png'));
    },
  },
  {
    name: 'tool result: error',
    mayLose: ['L32'],
    run: async (talk) => {
      const { received, answered } = await afterCall(talk, { text: 'no such city', failed: true });
      holdThat('the text', received.results[0]?.text.includes('no such city') === true);
      hold('the flag', received.results[0]?.failed, true);
      holdThat('the answer', answered.text.includes('A tool failed'));
    },
  },
];
