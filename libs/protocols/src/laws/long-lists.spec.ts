import { PROTOCOL_NAMES, type JsonObject, type ProtocolName } from '@bytespike/kernel';

import { between } from '../testing/pairs.js';
import { openExchange } from '../translation/exchange.js';

// As many as fit into a megabyte or two. Work that grows with their square takes minutes, and the test its time limit.
const MANY = 16_000;
const many = <T>(one: (index: number) => T): T[] => Array.from({ length: MANY }, (_, index) => one(index));
const named = <T>(name: string, one: (index: number) => T): Record<string, T> =>
  Object.fromEntries(many((index) => [`${name}${index}`, one(index)] as const));

/** For lists of what is short. */
const EACH = ['a', 'b', 'c', 'd'];

const ask = { role: 'user', content: 'x' };
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const tool = (name: string, parameters: object = { type: 'object' }) => ({
  type: 'function',
  function: { name, parameters },
});
const chat = (more: object): object => ({ model: 'm', messages: [ask], ...more });

const BODIES: readonly [what: string, client: ProtocolName, body: object][] = [
  [
    'schemas of which all must hold',
    'openai-chat',
    chat({ tools: [tool('t', { allOf: many((n) => ({ properties: { [`p${n}`]: { type: 'string' } } })) })] }),
  ],
  [
    'references that lead to references',
    'openai-chat',
    chat({ tools: [tool('t', { type: 'object', $defs: named('d', (n) => ({ $ref: `#/$defs/d${n + 1}` })) })] }),
  ],
  [
    'required properties',
    'openai-chat',
    chat({
      tools: [tool('t', { type: 'object', properties: named('p', () => ({})), required: many((n) => `p${MANY - n}`) })],
    }),
  ],
  ['tools of one name', 'openai-chat', chat({ tools: many(() => tool('t')) })],
  [
    'tools of which all may be called',
    'openai-chat',
    chat({
      tools: many((n) => tool(`t${n}`)),
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: many((n) => ({ type: 'function', function: { name: `t${MANY - n}` } })) },
      },
    }),
  ],
  [
    'results of calls in another order',
    'openai-chat',
    chat({
      messages: [
        ask,
        { role: 'assistant', tool_calls: many((n) => call(`c${n}`)) },
        ...many((n) => ({ role: 'tool', tool_call_id: `c${MANY - 1 - n}`, content: 'ok' })),
      ],
    }),
  ],
  [
    'calls without a result',
    'openai-chat',
    chat({
      messages: [ask, { role: 'assistant', tool_calls: many((n) => EACH.map((m) => call(`c${n}${m}`))).flat() }, ask],
    }),
  ],
  [
    'functions of the oldest form',
    'openai-chat',
    chat({
      functions: many((n) =>
        EACH.map((m) => ({ name: `f${n}${m}`, parameters: { properties: { p: { pattern: '(?<=a)b' } } } })),
      ).flat(),
    }),
  ],
  [
    'answers without a question in between',
    'openai-chat',
    chat({ messages: [ask, ...many(() => ({ role: 'assistant', content: 'y' })), ask] }),
  ],
  [
    'pieces of one answer',
    'gemini-generate',
    {
      contents: [
        { role: 'user', parts: [{ text: 'x' }] },
        ...many((n) => ({ role: 'model', parts: [n % 2 ? { text: 'y', thought: true } : { text: 'z' }] })),
        { role: 'user', parts: [{ text: 'x' }] },
      ],
    },
  ],
  [
    'calls in messages of their own',
    'anthropic-messages',
    {
      model: 'm',
      max_tokens: 9,
      messages: [
        ask,
        ...many((n) => ({ role: 'assistant', content: [{ type: 'tool_use', id: `c${n}`, name: 'f', input: {} }] })),
        { role: 'user', content: many((n) => ({ type: 'tool_result', tool_use_id: `c${n}`, content: 'ok' })) },
      ],
    },
  ],
  [
    'thoughts that nobody reads',
    'openai-responses',
    {
      model: 'm',
      input: [ask, ...many((n) => ({ type: 'reasoning', id: `rs_${n}`, summary: [], encrypted_content: 'e' })), ask],
    },
  ],
];

describe.each(BODIES)('%s', (_what, client, body) => {
  it.each(PROTOCOL_NAMES)('are translated to %s in a time that grows with their number', (target) => {
    const { body: written } = openExchange(JSON.stringify(body), between({ client, target }));
    expect(JSON.parse(written) as JsonObject).toBeInstanceOf(Object);
  });
});
