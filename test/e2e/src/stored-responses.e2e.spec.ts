import OpenAI from 'openai';

import { createKey, GROUPS, newCustomer } from './accounts.js';
import { gateway, platform } from './platform.js';
import { exchangesSince, lastExchangeId } from './simulator.js';

type Response = OpenAI.Responses.Response;

const clientOf = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 });
const client = clientOf(platform.keys.extended);

const TOOLS: OpenAI.Responses.Tool[] = [
  {
    type: 'function',
    name: 'get_weather',
    description: 'Weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    },
    strict: true,
  },
];
const CALL = 'call get_weather {"city":"Oslo"}';

const callOf = ({ output }: Response): OpenAI.Responses.ResponseFunctionToolCall => {
  const call = output.find((item) => item.type === 'function_call');
  if (!call) throw new Error('no call was made');
  return call;
};

const resultOf = (response: Response, output: string): OpenAI.Responses.ResponseInputItem[] => [
  { type: 'function_call_output', call_id: callOf(response).call_id, output },
];

/** What vendors were sent since, as JSON. */
const bodiesSince = async (id: number): Promise<Record<string, unknown>[]> =>
  (await exchangesSince(id)).map(
    ({ bodyBase64 }) => JSON.parse(Buffer.from(bodyBase64, 'base64').toString()) as Record<string, unknown>,
  );

describe.each([
  { model: 'gpt-5-4', speaks: 'Responses' },
  { model: 'claude-sonnet-4-6', speaks: 'Messages' },
  { model: 'gemini-3-flash', speaks: 'Gemini' },
  { model: 'kimi-k2-6', speaks: 'Chat' },
])('a conversation kept here with $model, which speaks $speaks', ({ model }) => {
  it('goes on over three turns with a tool call', async () => {
    const asked = await client.responses.create({ model, input: CALL, tools: TOOLS });
    const answered = await client.responses.create({
      model,
      previous_response_id: asked.id,
      input: resultOf(asked, 'a light breeze'),
      tools: TOOLS,
    });
    expect(answered.output_text).toContain('a light breeze');
    expect(answered.previous_response_id).toBe(asked.id);
    const before = await lastExchangeId();
    const ended = await client.responses.create({ model, previous_response_id: answered.id, input: 'say: Goodbye' });
    expect(ended.output_text).toBe('Goodbye');
    expect(new Set([asked.id, answered.id, ended.id]).size).toBe(3);
    // The vendor was given the whole of it, and is asked to keep none.
    const [sent] = await bodiesSince(before);
    expect(JSON.stringify(sent)).toMatch(/get_weather.*a light breeze.*Goodbye/);
    expect(sent).not.toHaveProperty('previous_response_id');
    expect(sent?.['store'] ?? false).toBe(false);
  });

  it('has one id in every event of a stream, under which it is found', async () => {
    const ids = new Set<string>();
    const stream = await client.responses.create({ model, input: 'say: One of many', stream: true });
    for await (const event of stream) if ('response' in event) ids.add(event.response.id);
    const [id] = [...ids];
    expect(ids.size).toBe(1);
    expect((await client.responses.retrieve(id!)).output_text).toBe('One of many');
  });
});

describe('a conversation that changes its vendor', () => {
  it('goes on from what another one said', async () => {
    const first = await client.responses.create({ model: 'gpt-5-4', input: CALL, tools: TOOLS });
    const second = await client.responses.create({
      model: 'claude-sonnet-4-6',
      previous_response_id: first.id,
      input: resultOf(first, 'hail'),
      tools: TOOLS,
    });
    expect(second.output_text).toContain('hail');
    const third = await client.responses.create({
      model: 'gemini-3-flash',
      previous_response_id: second.id,
      input: 'say: So be it',
    });
    expect(third.output_text).toBe('So be it');
    const fourth = await client.responses.create({
      model: 'gpt-5-4',
      previous_response_id: third.id,
      input: 'say: And so it was',
    });
    expect(fourth.output_text).toBe('And so it was');
  });
});

describe('reasoning that only its vendor could complete', () => {
  it('is left out of what goes on from it', async () => {
    const body = { model: 'gpt-5-4', tools: TOOLS, reasoning: { effort: 'medium' as const } };
    const asked = await client.responses.create({ ...body, input: `think: hard\n${CALL}` });
    expect(asked.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
    const answered = await client.responses.create({
      ...body,
      previous_response_id: asked.id,
      input: resultOf(asked, 'fog'),
    });
    expect(answered.output_text).toContain('fog');
  });
});

describe('a stored response', () => {
  const input: OpenAI.Responses.ResponseInput = [
    { role: 'developer', content: 'be kind' },
    { role: 'user', content: 'say: Kept' },
  ];
  const create = () => client.responses.create({ model: 'gpt-5-4', input: [...input] });

  it('is read, listed and deleted', async () => {
    const created = await create();
    const read = await client.responses.retrieve(created.id);
    expect(read).toMatchObject({ id: created.id, output: created.output, usage: created.usage, store: true });
    const items = await client.responses.inputItems.list(created.id, { order: 'asc', limit: 1 });
    expect(items.data).toMatchObject([{ type: 'message', role: 'developer' }]);
    expect(items.hasNextPage()).toBe(true);
    const all: unknown[] = [];
    for await (const item of items) all.push(item);
    expect(all).toHaveLength(2);
    await client.responses.delete(created.id);
    await expect(client.responses.retrieve(created.id)).rejects.toMatchObject({ status: 404 });
    await expect(client.responses.delete(created.id)).rejects.toMatchObject({ status: 404 });
  });

  it('gives single items to requests that refer to them', async () => {
    const created = await create();
    const { data } = await client.responses.inputItems.list(created.id);
    const before = await lastExchangeId();
    const ids = [...data.map(({ id }) => id), created.output[0]!.id].filter((id) => id !== undefined && id !== null);
    await client.responses.create({
      model: 'gpt-5-4',
      input: [...ids.map((id) => ({ type: 'item_reference' as const, id })), { role: 'user', content: 'say: Seen' }],
    });
    const [sent] = await bodiesSince(before);
    expect(JSON.stringify(sent?.['input'])).toMatch(/be kind|Kept/);
    expect(JSON.stringify(sent)).not.toContain('item_reference');
  });

  it('is none where that was declined', async () => {
    const { id } = await client.responses.create({ model: 'gpt-5-4', input: 'say: Gone', store: false });
    await expect(client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(
      client.responses.create({ model: 'gpt-5-4', input: 'and now?', previous_response_id: id }),
    ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found', param: 'previous_response_id' });
  });

  it('is nothing to another key of the same account', async () => {
    const customer = await newCustomer('5', GROUPS.default);
    const other = clientOf(await createKey(customer.management, GROUPS.default));
    const { id } = await clientOf(customer.key).responses.create({ model: 'gpt-5-4', input: 'say: Mine' });
    await expect(other.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(other.responses.delete(id)).rejects.toMatchObject({ status: 404 });
    await expect(other.responses.inputItems.list(id)).rejects.toMatchObject({ status: 404 });
    await expect(
      other.responses.create({ model: 'gpt-5-4', input: 'x', previous_response_id: id }),
    ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
    expect((await clientOf(customer.key).responses.retrieve(id)).output_text).toBe('Mine');
  });

  it.each([
    { name: 'a conversation object', body: { conversation: 'conv_1' }, param: 'conversation' },
    { name: 'an answer in the background', body: { background: true }, param: 'background' },
  ])('does not stand for $name', async ({ body, param }) => {
    const asking = client.responses.create({ model: 'gpt-5-4', input: 'x', ...body });
    await expect(asking).rejects.toMatchObject({ status: 400, code: 'unsupported_capability', param });
  });

  it('is told again as a stream, from any event on', async () => {
    const created = await create();
    const stream = await client.responses.retrieve(created.id, { stream: true });
    const events: OpenAI.Responses.ResponseStreamEvent[] = [];
    for await (const event of stream) events.push(event);
    expect(events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('')).toBe(
      'Kept',
    );
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { id: created.id } });
    const rest = await client.responses.retrieve(created.id, { stream: true, starting_after: events.length - 2 });
    const types: string[] = [];
    for await (const { type } of rest) types.push(type);
    expect(types).toEqual(['response.completed']);
    const folded = await client.responses.stream({ response_id: created.id }).finalResponse();
    expect(folded.output_text).toBe('Kept');
  });
});
