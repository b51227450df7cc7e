import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { callGateway, platform } from './platform.js';
import { exchangesSince, lastExchangeId } from './simulator.js';
import { OWNERS, PAIRS } from './wire-models.js';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** How a client of each protocol says one thing in its body, and where; the rest of the body is in order. */
interface Spelling {
  readonly path: (model: string) => string;
  readonly body: (model: string, turns: readonly unknown[], more?: object) => object;
  readonly user: (content: unknown) => object;
  /** Whether an error body is of this dialect, and its message. */
  readonly message: (answer: unknown) => string | undefined;
  readonly result: object;
  readonly call: object;
  readonly image: (data: string) => object;
  readonly format: (schema: object) => object;
}

interface ErrorBody {
  readonly type?: string;
  readonly error?: { readonly type?: string; readonly status?: string; readonly message?: string };
}

const openaiMessage = (answer: unknown): string | undefined => {
  const { error } = answer as ErrorBody;
  return error?.type !== undefined && error.status === undefined ? error.message : undefined;
};

const SPELLINGS = {
  'anthropic-messages': {
    path: () => '/v1/messages',
    body: (model, messages, more) => ({ model, max_tokens: 256, messages, ...more }),
    user: (content) => ({ role: 'user', content }),
    message: (answer) => {
      const { type, error } = answer as ErrorBody;
      return type === 'error' ? error?.message : undefined;
    },
    result: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_none', content: 'x' }] },
    call: { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'look', input: {} }] },
    image: (data) => [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }],
    format: (schema) => ({ output_config: { format: { type: 'json_schema', schema } } }),
  },
  'openai-responses': {
    path: () => '/v1/responses',
    body: (model, input, more) => ({ model, input, store: false, ...more }),
    user: (content) => ({ role: 'user', content }),
    message: openaiMessage,
    result: { type: 'function_call_output', call_id: 'call_none', output: 'x' },
    call: { type: 'function_call', call_id: 'call_1', name: 'look', arguments: '{}' },
    image: (data) => [{ type: 'input_image', image_url: `data:image/png;base64,${data}` }],
    format: (schema) => ({ text: { format: { type: 'json_schema', name: 'answer', schema, strict: true } } }),
  },
  'openai-chat': {
    path: () => '/v1/chat/completions',
    body: (model, messages, more) => ({ model, messages, ...more }),
    user: (content) => ({ role: 'user', content }),
    message: openaiMessage,
    result: { role: 'tool', tool_call_id: 'call_none', content: 'x' },
    call: {
      role: 'assistant',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } }],
    },
    image: (data) => [{ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } }],
    format: (schema) => ({
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } },
    }),
  },
  'gemini-generate': {
    path: (model) => `/v1beta/models/${model}:generateContent`,
    body: (_model, contents, more) => ({ contents, ...more }),
    user: (content) => ({ role: 'user', parts: typeof content === 'string' ? [{ text: content }] : content }),
    message: (answer) => {
      const { error } = answer as ErrorBody;
      return error?.status === undefined ? undefined : error.message;
    },
    result: { role: 'user', parts: [{ functionResponse: { name: 'look', response: { output: 'x' } } }] },
    call: { role: 'model', parts: [{ functionCall: { name: 'look', args: {} } }] },
    image: (data) => [{ inlineData: { mimeType: 'image/png', data } }],
    format: (schema) => ({ generationConfig: { responseMimeType: 'application/json', responseJsonSchema: schema } }),
  },
} as const satisfies Record<ProtocolName, Spelling>;

interface Told {
  readonly status: number;
  readonly message: string | undefined;
  readonly raw: string;
}

async function send(client: ProtocolName, model: string, body: string): Promise<Told> {
  const spelling: Spelling = SPELLINGS[client];
  const response = await callGateway(spelling.path(model), {
    method: 'POST',
    key: platform.keys.extended,
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body,
  });
  const raw = await response.text();
  return { status: response.status, message: response.ok ? undefined : spelling.message(JSON.parse(raw)), raw };
}

/** Refused in the caller's dialect, at the right place, and nobody was asked. */
async function expectRefusal(asked: () => Promise<Told>, place: RegExp, statuses: readonly number[] = [400]) {
  const before = await lastExchangeId();
  const told = await asked();
  expect({ ...told, raw: told.raw.slice(0, 300) }).toMatchObject({
    status: expect.any(Number) as number,
    message: expect.stringMatching(place) as string,
  });
  expect(statuses).toContain(told.status);
  expect(await exchangesSince(before)).toEqual([]);
}

// The raw lane passes a vendor's own 400; what is looked at here is what we ourselves read.
const pairs = PAIRS.filter(({ client, vendor }) => client !== vendor).map((pair) => ({
  ...pair,
  model: OWNERS[pair.vendor].id,
}));

/** Where each dialect keeps its turns. */
const TURNS = {
  'anthropic-messages': 'messages',
  'openai-responses': 'input',
  'openai-chat': 'messages',
  'gemini-generate': 'contents',
} as const satisfies Record<ProtocolName, string>;

describe.each(pairs)('a $client client of $vendor', ({ client, model }) => {
  const spelling: Spelling = SPELLINGS[client];
  const turns = TURNS[client];
  const refuses = (body: object, place: RegExp, statuses?: readonly number[]) =>
    expectRefusal(() => send(client, model, JSON.stringify(body)), place, statuses);

  it.each([
    { name: 'a number for its turns', wrong: 7 },
    { name: 'turns that are texts', wrong: ['hello'] },
    { name: 'a turn that is null', wrong: [null] },
  ])('is told where $name stand', async ({ wrong }) => {
    await refuses({ ...spelling.body(model, []), [turns]: wrong }, new RegExp(`${turns}(\\.0)?\\b`));
  });

  it('is told of a role that nobody has', async () => {
    const turn = { ...spelling.user('hi'), role: 'wizard' };
    await refuses(spelling.body(model, [turn]), new RegExp(`${turns}\\.0`));
  });

  it('is told of content that is neither text nor parts', async () => {
    const turn = client === 'gemini-generate' ? { role: 'user', parts: 7 } : { role: 'user', content: 7 };
    await refuses(spelling.body(model, [turn]), new RegExp(`${turns}\\.0\\.(content|parts)`));
  });

  it('is told of a result that nothing called for', async () => {
    const history = [spelling.user('hi'), spelling.result, spelling.user('say: ok')];
    await refuses(spelling.body(model, history), new RegExp(`${turns}\\.1.*L31`, 's'));
  });

  it('is told of a call that nothing answered', async () => {
    const history = [spelling.user('hi'), spelling.call, spelling.user('say: ok')];
    await refuses(spelling.body(model, history), new RegExp(`${turns}\\.1.*L31`, 's'));
  });

  it('is told of an image that is not base64', async () => {
    const turn = spelling.user(spelling.image('*** not base64 ***'));
    await refuses(spelling.body(model, [turn]), new RegExp(`${turns}\\.0`));
  });

  it('is told of an image larger than any body may be', async () => {
    const turn = spelling.user(spelling.image(PIXEL.repeat(400_000)));
    await refuses(spelling.body(model, [turn]), /./, [413]);
  });

  it('is told of 100,001 turns', async () => {
    const many = Array.from({ length: 100_001 }, () => spelling.user('a'));
    await refuses(spelling.body(model, many), new RegExp(`${turns}|100,?000`));
  });

  it('is told of JSON that is 10,000 deep', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    const body = JSON.stringify(spelling.body(model, [spelling.user('hi')], { deep: 'HERE' }));
    await expectRefusal(() => send(client, model, body.replace('"HERE"', deep)), /deep|nest|depth/i);
  });

  it('is told of JSON that ends too soon', async () => {
    const body = JSON.stringify(spelling.body(model, [spelling.user('hi')]));
    await expectRefusal(() => send(client, model, body.slice(0, -3)), /line 1, column \d+/);
  });

  it('is told of a response schema that the vendor cannot hold', async () => {
    // Nobody's structured output knows what follows from what.
    const schema = {
      ...{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false },
      ...{ if: { properties: { a: { const: 'x' } } }, then: { required: ['b'] } },
    };
    const told = await send(
      client,
      model,
      JSON.stringify(spelling.body(model, [spelling.user('hi')], spelling.format(schema))),
    );
    expect({ status: told.status, message: told.message }).toEqual({
      status: 400,
      message: expect.stringMatching(/(schema|format).*L50/is) as string,
    });
  });
});

describe.each(PROTOCOL_NAMES.map((client) => ({ client })))(
  'signatures that a $client client made up',
  ({ client }) => {
    const forged = 'bm90IGEgc2lnbmF0dXJlIG9mIGFueWJvZHkgYXQgYWxs';
    const others = pairs.filter((pair) => pair.client === client);
    const history = {
      'anthropic-messages': [
        { role: 'user', content: 'hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'hm', signature: forged },
            { type: 'text', text: 'yes' },
          ],
        },
        { role: 'user', content: 'say: ok' },
      ],
      'openai-responses': [
        { role: 'user', content: 'hi' },
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: forged },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'yes', annotations: [] }] },
        { role: 'user', content: 'say: ok' },
      ],
      'openai-chat': [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'yes', reasoning_details: [{ type: 'reasoning.encrypted', data: forged }] },
        { role: 'user', content: 'say: ok' },
      ],
      'gemini-generate': [
        { role: 'user', parts: [{ text: 'hi' }] },
        { role: 'model', parts: [{ text: 'yes', thoughtSignature: forged }] },
        { role: 'user', parts: [{ text: 'say: ok' }] },
      ],
    } as const satisfies Record<ProtocolName, readonly object[]>;

    it.each(others)('reach no vendor of $vendor, and the conversation goes on', async ({ vendor, model }) => {
      const before = await lastExchangeId();
      const thinking = client === 'anthropic-messages' && {
        max_tokens: 2_048,
        thinking: { type: 'enabled', budget_tokens: 1_024 },
      };
      const body = SPELLINGS[client].body(model, history[client], thinking || {});
      const told = await send(client, model, JSON.stringify(body));
      expect({ vendor, status: told.status }).toEqual({ vendor, status: 200 });
      const received = (await exchangesSince(before)).map(({ bodyBase64 }) =>
        Buffer.from(bodyBase64, 'base64').toString(),
      );
      expect(received.filter((sent) => sent.includes(forged))).toEqual([]);
    });
  },
);
