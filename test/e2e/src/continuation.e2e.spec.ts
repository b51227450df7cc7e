import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

import { balanceAtRest, GROUPS, newCustomer } from './accounts.js';
import { lendDispatcher } from './lend-dispatcher.js';
import { usageOf } from './ledger.js';
import { callGateway, eventually, gateway, platform } from './platform.js';
import { exchangesSince, lastExchangeId, type Exchange } from './simulator.js';
import { OWNERS } from './wire-models.js';

/** What a client of a wire without a word for a pause reads of one answer. */
interface Answer {
  readonly text: string;
  readonly ended: unknown;
  readonly input: number | undefined;
  readonly output: number | undefined;
}

const key = platform.keys.extended;
const model = OWNERS['anthropic-messages'].id;
const openai = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
const google = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway } });
const PROMPT = 'search: tides\npause\nsay: High tide at noon.';

const chat = { model, messages: [{ role: 'user' as const, content: PROMPT }], web_search_options: {} };
const chatAnswer = ({ choices: [choice], usage }: OpenAI.ChatCompletion): Answer => ({
  text: choice?.message.content ?? '',
  ended: choice?.finish_reason,
  ...{ input: usage?.prompt_tokens, output: usage?.completion_tokens },
});

const responses = { model, input: PROMPT, tools: [{ type: 'web_search' as const }] };
const responsesAnswer = ({ output_text, status, usage }: OpenAI.Responses.Response): Answer => ({
  text: output_text,
  ended: status,
  ...{ input: usage?.input_tokens, output: usage?.output_tokens },
});

const gemini = { model, contents: PROMPT, config: { tools: [{ googleSearch: {} }] } };

const CLIENTS: readonly { readonly client: string; readonly ended: string; readonly ask: () => Promise<Answer> }[] = [
  {
    client: 'Chat, whole',
    ended: 'stop',
    ask: async () => chatAnswer(await openai.chat.completions.create(chat)),
  },
  {
    client: 'Chat, streamed',
    ended: 'stop',
    ask: async () =>
      chatAnswer(
        await openai.chat.completions
          .stream({ ...chat, stream_options: { include_usage: true } })
          .finalChatCompletion(),
      ),
  },
  {
    client: 'Responses, whole',
    ended: 'completed',
    ask: async () => responsesAnswer(await openai.responses.create(responses)),
  },
  {
    client: 'Responses, streamed',
    ended: 'completed',
    ask: async () => responsesAnswer(await openai.responses.stream(responses).finalResponse()),
  },
  {
    client: 'Gemini, whole',
    ended: 'STOP',
    ask: async () => {
      const answer = await google.models.generateContent(gemini);
      const { promptTokenCount: input, candidatesTokenCount: output } = answer.usageMetadata ?? {};
      return { text: answer.text ?? '', ended: answer.candidates?.[0]?.finishReason, input, output };
    },
  },
  {
    client: 'Gemini, streamed',
    ended: 'STOP',
    ask: async () => {
      let answer: Answer = { text: '', ended: undefined, input: undefined, output: undefined };
      for await (const { text, candidates, usageMetadata } of await google.models.generateContentStream(gemini))
        answer = {
          text: answer.text + (text ?? ''),
          ended: candidates?.[0]?.finishReason,
          input: usageMetadata?.promptTokenCount,
          output: usageMetadata?.candidatesTokenCount,
        };
      return answer;
    },
  },
];

const asked = ({ bodyBase64 }: Exchange) =>
  JSON.parse(Buffer.from(bodyBase64, 'base64').toString('utf8')) as Anthropic.MessageCreateParams;

/** What the vendor answered, whole or streamed, as one message. */
async function answered({ sentBase64 }: Exchange): Promise<Anthropic.Message> {
  const sent = Buffer.from(sentBase64, 'base64').toString('utf8');
  if (sent.startsWith('{')) return JSON.parse(sent) as Anthropic.Message;
  const fetchSent = () => Promise.resolve(new Response(sent, { headers: { 'content-type': 'text/event-stream' } }));
  const reader = new Anthropic({ apiKey: 'none', fetch: fetchSent });
  return reader.messages.stream({ model: 'm', max_tokens: 1, messages: [] }).finalMessage();
}

beforeAll(lendDispatcher);

describe.each(CLIENTS)('a client of $client', ({ ask, ended }) => {
  it('reads one answer of a vendor that pauses, which is asked again with its turn as it stood', async () => {
    const before = await lastExchangeId();
    const answer = await ask();
    const [first, second, ...more] = await exchangesSince(before);
    if (!first || !second) throw new Error('the vendor was not asked twice');
    expect(more).toEqual([]);
    const [paused, finished] = [await answered(first), await answered(second)];
    expect([paused.stop_reason, finished.stop_reason]).toEqual(['pause_turn', 'end_turn']);
    expect(asked(second).messages).toEqual([...asked(first).messages, { role: 'assistant', content: paused.content }]);
    expect(asked(second).max_tokens).toBe(asked(first).max_tokens - paused.usage.output_tokens);
    expect(answer.text.split('High tide at noon.')).toHaveLength(2);
    expect(answer).toMatchObject({
      ended,
      input: paused.usage.input_tokens + finished.usage.input_tokens,
      output: paused.usage.output_tokens + finished.usage.output_tokens,
    });
  });
});

it('every round is on the bill, at its price', async () => {
  const customer = await newCustomer('1', GROUPS.extended);
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: customer.key, maxRetries: 0 });
  const before = await balanceAtRest(customer.key);
  const { usage } = await client.chat.completions.create(chat);
  const [row, ...more] = await eventually(async () => {
    const rows = await usageOf(customer.accountId);
    return rows.length > 0 ? rows : undefined;
  });
  expect(more).toEqual([]);
  expect(row?.units).toMatchObject({ input: usage?.prompt_tokens, output: usage?.completion_tokens });
  expect(row?.cost).toBe(row?.reckoned);
  expect((await balanceAtRest(customer.key)).available).toBe(before.available - (row?.cost ?? 0n));
});

it('a Messages client is told of the pause, and goes on itself', async () => {
  const before = await lastExchangeId();
  const client = new Anthropic({ baseURL: gateway, apiKey: key, maxRetries: 0 });
  const tools: Anthropic.ToolUnion[] = [{ type: 'web_search_20250305', name: 'web_search' }];
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: PROMPT }];
  const paused = await client.messages.create({ model, max_tokens: 2_000, tools, messages });
  expect(paused.stop_reason).toBe('pause_turn');
  expect(await exchangesSince(before)).toHaveLength(1);
});

it('a history whose signatures no longer fit is answered without them, and the client is told', async () => {
  const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
  const body = { model, max_completion_tokens: 4_000, reasoning_effort: 'medium', tools: [tool] };
  const prompt = { role: 'user', content: 'think: where is it\ncall look {"city":"Oslo"}' };
  const send = (messages: readonly unknown[]): Promise<Response> =>
    callGateway('/v1/chat/completions', {
      method: 'POST',
      key,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, messages }),
    });
  const first = (await (await send([prompt])).json()) as OpenAI.ChatCompletion;
  const message = first.choices[0]?.message;
  const call = message?.tool_calls?.[0];
  // What was signed was signed for another question.
  const messages = [
    { ...prompt, content: `${prompt.content}\nquickly` },
    message,
    { role: 'tool', tool_call_id: call?.id, content: 'sun' },
  ];
  const before = await lastExchangeId();
  const second = await send(messages);
  expect([second.status, (await exchangesSince(before)).map(({ status }) => status)]).toEqual([200, [400, 200]]);
  expect(second.headers.get('x-gateway-warnings')).toContain('L40;');
  expect(((await second.json()) as OpenAI.ChatCompletion).choices[0]?.message.content).toContain('sun');
});
