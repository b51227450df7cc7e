import { LIMITS, PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { between, pairs } from '../testing/pairs.js';
import { translateStream } from '../testing/translate-stream.js';
import { openExchange } from './exchange.js';

const field = {
  'anthropic-messages': 'messages',
  'openai-responses': 'input',
  'openai-chat': 'messages',
  'gemini-generate': 'contents',
} as const satisfies Record<ProtocolName, string>;
const message = {
  'anthropic-messages': { role: 'user', content: 'x' },
  'openai-responses': { role: 'user', content: 'x' },
  'openai-chat': { role: 'user', content: 'x' },
  'gemini-generate': { role: 'user', parts: [{ text: 'x' }] },
} as const satisfies Record<ProtocolName, object>;
const badImage = {
  'anthropic-messages': {
    content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: '<png>' } }],
  },
  'openai-responses': { content: [{ type: 'input_image', image_url: 'data:image/png;base64,<png>' }] },
  'openai-chat': { content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,<png>' } }] },
  'gemini-generate': { parts: [{ inlineData: { mimeType: 'image/png', data: '<png>' } }] },
} as const satisfies Record<ProtocolName, object>;

const head = '"model":"m","max_tokens":5';
const bodyOf = (client: ProtocolName, conversation: string): string => `{${head},"${field[client]}":${conversation}}`;
const refused = (message: RegExp): Error =>
  expect.objectContaining({ kind: 'invalid-request', message: expect.stringMatching(message) as string }) as Error;

describe.each(pairs)('$client at $target', (pair) => {
  const { client } = pair;
  const open = (conversation: string) => () => openExchange(bodyOf(client, conversation), between(pair));

  it('refuses what is nested too deep, before it is read', () => {
    expect(open('['.repeat(10_000) + ']'.repeat(10_000))).toThrow(refused(/512 levels/));
    expect(open(`[${JSON.stringify('['.repeat(1_000))}]`)).not.toThrow(refused(/levels/));
  });

  it('refuses more values than memory holds, before it is read', () => {
    expect(open(`[${'0,'.repeat(1_000_000)}0`)).toThrow(refused(/1000000 values/));
    // The arguments of a call are a string that is parsed as well.
    expect(open(JSON.stringify([`[${'0,'.repeat(1_000_000)}0]`]))).toThrow(refused(/1000000 values/));
    expect(open(`["[${'\\u005b]'.repeat(1_000_001)}]"]`)).toThrow(refused(/1000000 values/));
  });

  it.each(['7', '{"a":1}', '[7]', '[null]', '[{"role":"robot"}]', '[{"role":7,"content":7,"parts":7}]'])(
    'refuses %s, naming the field',
    (conversation) => {
      expect(open(conversation)).toThrow(refused(new RegExp(`^${field[client]}`)));
    },
  );

  it('refuses media that is not base64, where it stands', () => {
    expect(open(JSON.stringify([{ role: 'user', ...badImage[client] }]))).toThrow(
      refused(new RegExp(`^${field[client]}\\.0.*base64`)),
    );
  });
});

describe.each(PROTOCOL_NAMES)('a client of %s', (client) => {
  it('may not say more than anybody reads', () => {
    const many = Array.from({ length: LIMITS.messagesMax + 1 }, () => JSON.stringify(message[client])).join(',');
    expect(() => openExchange(bodyOf(client, `[${many}]`), between({ client, target: 'openai-chat' }))).toThrow(
      refused(new RegExp(`^${field[client]}: more than 100000 messages`)),
    );
  });
});

describe('arguments that are no object', () => {
  const called = [
    { role: 'user', content: 'Hi' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{"at": ' } }],
    },
    { role: 'tool', tool_call_id: 'c1', content: 'not JSON' },
  ];

  it.each(PROTOCOL_NAMES)('reach a %s vendor as what they are', (target) => {
    const { body } = openExchange(
      bodyOf('openai-chat', JSON.stringify(called)),
      between({ client: 'openai-chat', target }),
    );
    expect(body).toContain(String.raw`{\"at\": `);
  });
});

it('tells which member is wrong beside the sentence that says so', () => {
  const body = bodyOf('openai-chat', '[{"role":"user","content":"x"},{"role":"tool","content":"x"}]');
  const open = () => openExchange(body, between({ client: 'openai-chat', target: 'anthropic-messages' }));
  expect(open).toThrow(expect.objectContaining({ details: { param: 'messages.1.tool_call_id' } }) as Error);
});

describe('an answer that is nested too deep', () => {
  const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;

  it('is no answer', () => {
    const pair = between({ client: 'openai-chat', target: 'anthropic-messages' });
    const whole = openExchange(bodyOf('openai-chat', '[{"role":"user","content":"x"}]'), pair).whole(1);
    const call = `{"type":"tool_use","id":"c","name":"f","input":{"a":${deep}}}`;
    const body = `{"id":"m","type":"message","role":"assistant","model":"m","content":[${call}],"stop_reason":"tool_use"}`;
    expect(() => whole.push(body)).toThrow(expect.objectContaining({ kind: 'upstream-garbled' }) as Error);
  });

  it('stays text within a call', () => {
    const pair = between({ client: 'anthropic-messages', target: 'openai-chat' });
    const whole = openExchange(bodyOf('anthropic-messages', '[{"role":"user","content":"x"}]'), pair).whole(1);
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: `{"a":${deep}}` } };
    const message = { role: 'assistant', content: null, tool_calls: [call] };
    const answer = { id: 'c', model: 'm', choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
    const { body } = whole.push(JSON.stringify(answer))!;
    expect(JSON.parse(body)).toMatchObject({ content: [{ type: 'tool_use', input: { input: `{"a":${deep}}` } }] });
  });

  it('stays text within a call of a stream', () => {
    const pair = between({ client: 'gemini-generate', target: 'openai-chat' });
    const call = { index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: `{"a":${deep}}` } };
    const chunk = { id: 'c', choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: 'tool_calls' }] };
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
    const asked = bodyOf('gemini-generate', '[{"role":"user","parts":[{"text":"x"}]}]');
    const { text, failure } = translateStream(asked, pair, [bytes]);
    expect(failure).toBeUndefined();
    expect(text).toContain('"args":{"input":');
  });
});
