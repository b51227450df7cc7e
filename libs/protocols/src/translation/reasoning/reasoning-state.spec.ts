import type { ProtocolName } from '@bytespike/kernel';

import { between } from '../../testing/pairs.js';
import { openExchange, readExchange, type Remembered } from '../exchange.js';
import type { ExchangeOptions } from '../exchange-options.js';

const google = (client: ProtocolName): ExchangeOptions => ({
  ...between({ client, target: 'gemini-generate' }),
  ...{ stream: false, channel: 'google-1' },
});
const deepseek = (client: ProtocolName): ExchangeOptions => ({
  ...between({ client, target: 'openai-chat' }, { vendor: 'deepseek', upstreamModel: 'deepseek-v4-pro' }),
  ...{ stream: false, channel: 'deepseek-1' },
});

const SIGNATURE = 'c2lnbmVkIGJ5IGdvb2dsZQ==';
const signedCall = JSON.stringify({
  candidates: [
    {
      content: {
        role: 'model',
        parts: [{ functionCall: { id: 'c1', name: 'look', args: {} }, thoughtSignature: SIGNATURE }],
      },
      finishReason: 'STOP',
    },
  ],
});
const thoughtCall = JSON.stringify({
  id: 'x',
  choices: [
    {
      index: 0,
      message: {
        reasoning_content: 'Let me look.',
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
      },
      finish_reason: 'tool_calls',
    },
  ],
});

const tools = [{ name: 'look', input_schema: { type: 'object' } }];
const messagesBody = (more: object, messages: readonly object[] = [{ role: 'user', content: 'Hi' }]): string =>
  JSON.stringify({ model: 'm', max_tokens: 50, tools, messages, ...more });
const thinking = { thinking: { type: 'adaptive' } };
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'x' }] };
const contentOf = (body: string): readonly { type: string; data?: string }[] =>
  (JSON.parse(body) as { content: { type: string; data?: string }[] }).content;

describe('state that belongs to a call', () => {
  const answer = openExchange(messagesBody(thinking), google('anthropic-messages')).answer(signedCall);
  const content = contentOf(answer.body);
  const next = (options: ExchangeOptions, sent: readonly object[] = content) =>
    openExchange(
      messagesBody(thinking, [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: sent }, result]),
      options,
    );

  it('stands right before it, and comes back onto it', () => {
    expect(content.map(({ type }) => type)).toEqual(['redacted_thinking', 'tool_use']);
    expect(content[0]?.data).toMatch(/^gwc1\./);
    expect(next(google('anthropic-messages')).body).toContain(`"thoughtSignature":"${SIGNATURE}"`);
  });

  it.each<[string, Partial<ExchangeOptions>]>([
    ['another account of its vendor', { channel: 'google-2' }],
    ['another account of ours', { signer: { sign: () => 'another' } }],
    ['another vendor', deepseek('anthropic-messages')],
    [
      'a vendor of the wire it travelled in',
      { ...between({ client: 'anthropic-messages', target: 'anthropic-messages' }) },
    ],
  ])('never reaches %s', (_whom, changed) => {
    const { body, losses } = next({ ...google('anthropic-messages'), ...changed });
    expect(body).not.toContain(SIGNATURE);
    expect(body).not.toContain('gwc1.');
    expect(losses.map(({ code }) => code)).toContain('L40');
  });

  it('is cut out of wherever else it was copied to', () => {
    const stray = { type: 'text', text: `I was given ${content[0]?.data} to keep.` };
    const { body, losses } = next(google('anthropic-messages'), [stray, ...content]);
    expect(body).toContain('I was given  to keep.');
    expect(body).not.toContain('gwc1.');
    expect(losses).toContainEqual({ code: 'L40', path: 'messages.1.content.0', effect: 'dropped' });
  });
});

describe('reasoning that the client did not ask to see', () => {
  const body = messagesBody({});
  const options = deepseek('anthropic-messages');
  const answer = openExchange(body, options).answer(thoughtCall);
  const history = messagesBody({}, [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: contentOf(answer.body) },
    result,
  ]);
  const remembered: Remembered = new Map(answer.memories.map(({ callId, state }) => [callId, state]));

  it('is kept from it, and told to be remembered', () => {
    expect(contentOf(answer.body).map(({ type }) => type)).toEqual(['tool_use']);
    expect(answer.memories.map(({ callId }) => callId)).toEqual(['c1']);
  });

  it('is asked for by the next turn, and goes back to its vendor alone', () => {
    const reading = readExchange(history, options);
    expect(reading.forgotten).toEqual(['c1']);
    expect(reading.open(remembered).body).toContain('"reasoning_content":"Let me look."');
    const elsewhere = readExchange(history, { ...options, vendor: 'moonshot', upstreamModel: 'kimi-k2.6' });
    expect(elsewhere.open(remembered).body).not.toContain('Let me look.');
  });

  it('is put back onto the very call that a vendor signed', () => {
    const signed = openExchange(body, google('anthropic-messages')).answer(signedCall);
    expect(signed.body).not.toContain('gwc1.');
    const turns = [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: contentOf(signed.body) }, result];
    const reading = readExchange(messagesBody({}, turns), google('anthropic-messages'));
    const known = new Map(signed.memories.map(({ callId, state }) => [callId, state]));
    expect(reading.open(known).body).toContain(`"thoughtSignature":"${SIGNATURE}"`);
  });

  it('is a loss where nobody could be asked', () => {
    const { losses } = readExchange(history, options).open('unreachable');
    expect(losses).toContainEqual({ code: 'L40', path: 'messages.1', effect: 'dropped' });
  });

  it('is not looked up for a client that sent its own', () => {
    const shown = openExchange(messagesBody(thinking), options).answer(thoughtCall);
    expect(shown.memories).toEqual([]);
    const turns = [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: contentOf(shown.body) }, result];
    expect(readExchange(messagesBody(thinking, turns), options).forgotten).toEqual([]);
  });

  it('is remembered for Chat clients, which drop it as a rule', () => {
    const chat = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] };
    expect(openExchange(JSON.stringify(chat), deepseek('openai-chat')).answer(thoughtCall).memories).toHaveLength(1);
    const { message } = (JSON.parse(thoughtCall) as { choices: { message: object }[] }).choices[0] ?? { message: {} };
    const { reasoning_content: _dropped, ...kept } = { reasoning_content: '', role: 'assistant', ...message };
    const messages = [...chat.messages, kept, { role: 'tool', tool_call_id: 'c1', content: 'x' }];
    const reading = readExchange(JSON.stringify({ ...chat, messages }), deepseek('openai-chat'));
    expect(reading.forgotten).toEqual(['c1']);
    expect(reading.open(remembered).body).toContain('"reasoning_content":"Let me look."');
  });
});

describe('thinking that a look-alike did not sign', () => {
  const moonshot = {
    ...between(
      { client: 'anthropic-messages', target: 'anthropic-messages' },
      { vendor: 'moonshot', upstreamModel: 'kimi-k2.6' },
    ),
    ...{ stream: false, channel: 'moonshot-1' },
  } as const;
  const body = (messages: readonly object[]) =>
    JSON.stringify({ model: 'm', max_tokens: 50, thinking: { type: 'adaptive' }, messages });
  const content = [
    { type: 'thinking', thinking: 'Hm.', signature: '' },
    { type: 'text', text: 'Hello.' },
  ];
  const answer = openExchange(body([{ role: 'user', content: 'Hi' }]), moonshot).answer(
    JSON.stringify({
      type: 'message',
      role: 'assistant',
      id: 'x',
      model: 'm',
      content,
      stop_reason: 'end_turn',
      usage: {},
    }),
  );
  const given = contentOf(answer.body);
  const next = (vendor: Partial<ExchangeOptions>) => {
    const history = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: given },
      { role: 'user', content: 'So?' },
    ];
    const sent = JSON.parse(openExchange(body(history), { ...moonshot, ...vendor }).body) as {
      messages: { content: unknown }[];
    };
    return sent.messages[1]?.content;
  };

  it('is sealed, so that a history with it is never sent on as it is', () => {
    expect(given[0]).toMatchObject({ type: 'thinking', thinking: 'Hm.', signature: expect.stringMatching(/^gwc1\./) });
  });

  it('goes back to its vendor as it came, and to nobody else', () => {
    expect(next({})).toEqual(content);
    expect(next({ vendor: 'anthropic', upstreamModel: 'claude-sonnet-4-6', channel: 'anthropic-1' })).toEqual([
      content[1],
    ]);
  });
});
