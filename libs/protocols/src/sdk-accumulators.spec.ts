import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import { MessageStream as OlderMessageStream } from 'anthropic-sdk-0/lib/MessageStream';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';

import { streamFixtures } from './testing/fixtures.js';
import { toDeepSeek } from './testing/exchange-options.js';
import { readMessagesStream } from './testing/messages-grammar.js';
import { openExchange } from './translation/exchange.js';

/** The official SDKs as judges of what we write: they fold our streams, and must agree with our unstreamed answers. */
const whole = streamFixtures('openai-chat').filter(({ body }) => body !== undefined);
const text = new TextEncoder();
const data = (chunk: unknown): string => (typeof chunk === 'string' ? chunk : JSON.stringify(chunk));
const wireOf = (chunks: readonly unknown[]): Uint8Array =>
  text.encode(chunks.map((chunk) => `data: ${data(chunk)}\n\n`).join(''));

/** What both SDKs' streams read: one JSON value per line. */
const lines = (items: readonly unknown[]): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const item of items) controller.enqueue(text.encode(`${JSON.stringify(item)}\n`));
      controller.close();
    },
  });

const messagesBody = JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] });

describe.each([
  {
    name: '@anthropic-ai/sdk 1',
    fold: (stream: ReadableStream) => MessageStream.fromReadableStream(stream).finalMessage(),
  },
  {
    name: '@anthropic-ai/sdk 0',
    fold: (stream: ReadableStream) => OlderMessageStream.fromReadableStream(stream).finalMessage(),
  },
])('$name', ({ fold }) => {
  it.each(whole.filter(({ name }) => name !== 'call-cut-by-the-limit'))(
    '$name: folds our stream to our whole answer',
    async ({ chunks, body }) => {
      const stream = openExchange(messagesBody, toDeepSeek).stream();
      const written = readMessagesStream(stream.push(wireOf(chunks)).text + stream.end().text);
      const folded = (await fold(lines(written))) as unknown as Record<string, unknown>;
      const answer = JSON.parse(
        openExchange(messagesBody, { ...toDeepSeek, stream: false }).answer(JSON.stringify(body)).body,
      ) as Record<string, unknown>;
      expect(JSON.parse(JSON.stringify(folded))).toMatchObject(answer);
    },
  );
});

it('openai: folds what we write for a Chat client of a Chat vendor', async () => {
  const [fixture] = whole.filter(({ name }) => name === 'text-then-interleaved-parallel-calls');
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] });
  const stream = openExchange(body, { ...toDeepSeek, client: 'openai-chat' }).stream();
  const sent = stream.push(wireOf(fixture?.chunks ?? [])).text;
  const chunks = sent.split('\n\n').filter((record) => record !== '' && !record.includes('[DONE]'));
  const items = chunks.map((record) => JSON.parse(record.slice('data: '.length)) as unknown);
  const folded = await ChatCompletionStream.fromReadableStream(lines(items)).finalChatCompletion();
  expect(folded.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: {
      content: 'On it.',
      tool_calls: [
        { id: 'call_1', function: { name: 'a', arguments: '{"x":1}' } },
        { id: 'call_2', function: { name: 'b', arguments: '{"y":2}' } },
        { id: 'call_3', function: { name: 'c', arguments: '{}' } },
      ],
    },
  });
});
