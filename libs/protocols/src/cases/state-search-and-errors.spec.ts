import { ERROR_KINDS, type ErrorKind } from '@bytespike/kernel';

import { WIRES } from '../registry.js';
import { A, ask, at, C, folded, G, R, received, route, sent, sentRaw, streamed, told } from '../testing/case.js';
import { clientStream, dataItems, endsNormally } from '../testing/client-streams.js';
import { pairs } from '../testing/pairs.js';
import { SDK_FOLDS } from '../testing/sdk-folds.js';
import { asClientSees } from '../testing/translate-stream.js';
import {
  block,
  chat,
  chatAnswer,
  fragment,
  gemini,
  messageEnd,
  messagesAnswer,
  messageStart,
  responsesAnswer,
  responsesCall,
  responsesStream,
  responsesText,
} from '../testing/vendor-chunks.js';

/** State, search and errors (protocols 2.11, 2.14, 3.7). */
const encoder = new TextEncoder();
const messageText = (index: number, text: string) =>
  block(index, { type: 'text', text: '' }, { type: 'text_delta', text });

/** The beginning of an answer on each wire, as far as its first words. */
const BEGUN = {
  [A]: [messageStart(), ...messageText(0, 'Half').slice(0, -1)],
  [R]: responsesStream(
    [
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...responsesText(''), content: [], status: 'in_progress' },
      },
      {
        type: 'response.content_part.added',
        output_index: 0,
        content_index: 0,
        item_id: 'msg_1',
        part: { type: 'output_text', text: '', annotations: [] },
      },
      { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'msg_1', delta: 'Half' },
    ],
    [],
  ).slice(0, -1),
  [C]: [chat({ role: 'assistant', content: 'Half' })],
  [G]: [gemini([{ text: 'Half' }])],
} as const;
const begun = (target: keyof typeof BEGUN | string): readonly unknown[] =>
  (BEGUN as Record<string, readonly unknown[]>)[target] ?? [];

describe('state', () => {
  it('T68: a Responses client reads one id in every event that names the response', () => {
    const items = received(route(R, A), [messageStart(), ...messageText(0, 'Hi'), ...messageEnd('end_turn')]);
    const ids = items.flatMap((item) => at(item, 'response.id') ?? []);
    expect(ids.length).toBeGreaterThanOrEqual(3);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^resp_/);
    const events = items.map((item) => at(item, 'type'));
    expect(events.slice(0, 2)).toEqual(['response.created', 'response.in_progress']);
    expect(events.at(-1)).toBe('response.completed');
  });

  it('T78: a request of the newer version reaches an older model with nothing added', () => {
    const body = { model: 'alias', max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] };
    const served = { ...body, model: 'claude-sonnet-4-6' };
    expect(sent(ask(route(A, A), { ...body, thinking: undefined }))).toEqual(served);
    expect(sentRaw(A, body, 'claude-sonnet-4-6')).toBe(JSON.stringify(served));
  });

  it('T80: a Chat limit is dropped nowhere, whichever way it is spelled', () => {
    for (const name of ['max_tokens', 'max_completion_tokens'])
      for (const { target, path } of [
        { target: A, path: 'max_tokens' },
        { target: R, path: 'max_output_tokens' },
        { target: G, path: 'generationConfig.maxOutputTokens' },
      ])
        expect(sent(ask(route(C, target), { [name]: 777 }), path)).toBe(777);
    for (const vendor of ['deepseek', 'moonshot', 'zhipu', 'minimax', 'bytedance'])
      expect(ask(route(C, C, vendor), { max_completion_tokens: 777 }).body).toContain('777');
  });
});

describe('search', () => {
  it('T69: a search of a Responses vendor is a call, a result and cited text for a Messages client', () => {
    const search = {
      type: 'web_search_call',
      id: 'ws_1',
      status: 'completed',
      action: { type: 'search', query: 'sun', sources: [{ type: 'url', url: 'https://sun.example/' }] },
    };
    const cited = { type: 'url_citation', url: 'https://sun.example/', title: 'Sun', start_index: 0, end_index: 5 };
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    const answer = told(route(A, R), responsesAnswer([search, responsesText('Sunny today.', [cited])]), { tools });
    const content = at(answer, 'content') as readonly object[];
    const types = content.map((part) => at(part, 'type'));
    expect(types.slice(0, 2)).toEqual(['server_tool_use', 'web_search_tool_result']);
    expect(at(content[1], 'tool_use_id')).toBe(at(content[0], 'id'));
    const quoted = content.find((part) => at(part, 'citations.0.url') === 'https://sun.example/');
    expect(quoted).toMatchObject({ type: 'text', text: 'Sunny', citations: [{ cited_text: 'Sunny', title: 'Sun' }] });
    expect(content.map((part) => at(part, 'text') ?? '').join('')).toBe('Sunny today.');
  });

  it('T70: grounding of Gemini is cited for a Responses client by characters, through emoji and CJK', async () => {
    const text = '🙂東京は晴れ。Sun.';
    const bytes = (part: string) => encoder.encode(part).length;
    const segment = { startIndex: bytes('🙂'), endIndex: bytes('🙂東京は晴れ。'), text: '東京は晴れ。' };
    const groundingMetadata = {
      webSearchQueries: ['sun'],
      groundingChunks: [{ web: { uri: 'https://sun.example/', title: 'Sun' } }],
      groundingSupports: [{ segment, groundingChunkIndices: [0] }],
    };
    const chunks = [gemini([{ text }]), gemini([{ text: '' }], { finishReason: 'STOP', groundingMetadata })];
    const answer = await folded(route(R, G), chunks);
    const message = (at(answer, 'output') as readonly object[]).find((item) => at(item, 'type') === 'message');
    const annotation = at(message, 'content.0.annotations.0');
    expect(annotation).toMatchObject({ type: 'url_citation', url: 'https://sun.example/', title: 'Sun' });
    const cited = [...text].slice(Number(at(annotation, 'start_index')), Number(at(annotation, 'end_index')));
    expect(cited.join('')).toBe('東京は晴れ。');
  });
});

describe.each(pairs)('$client of a $target vendor that dies', ({ client, target }) => {
  const way = route(client, target);

  it('T71: in the middle of an answer, the client is told a failure in its own form, and no end', async () => {
    const cut = streamed(way, begun(target));
    expect(cut.failure).toMatch(/^upstream-/);
    const seen = asClientSees(client, cut);
    expect(cut.text).toContain('Half');
    expect(endsNormally(client, seen)).toBe(false);
    expect(clientStream(client).tellsFailure(dataItems(seen))).toBe(true);
    for (const { fold } of SDK_FOLDS[client]) await expect(fold(seen)).rejects.toThrow();
  });

  it('T72: in the middle of a record, the failure is a record of its own', () => {
    const torn = { ...(begun(target)[0] as object), torn: 'x'.repeat(50) };
    const cut = streamed(way, [...begun(target), torn]);
    expect(cut.text === '' || cut.text.endsWith('\n\n')).toBe(true);
    expect(() => dataItems(asClientSees(client, cut))).not.toThrow();
  });
});

describe('failures of a vendor in mid-stream', () => {
  it('T73: an error event of a Messages vendor reaches a Chat client', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const cut = streamed(route(C, A), [...begun(A), error]);
    expect(cut.failure).toMatch(/^upstream-/);
    await expect(SDK_FOLDS[C][0]?.fold(asClientSees(C, cut))).rejects.toThrow();
  });

  it('T74: an error before [DONE] is a failure, and [DONE] is never sent behind one', () => {
    const cut = streamed(route(C, C, 'deepseek'), [
      ...begun(C),
      { error: { message: 'broke', type: 'server_error' } },
      '[DONE]',
    ]);
    expect(cut.failure).toMatch(/^upstream-/);
    expect(asClientSees(C, cut)).not.toContain('[DONE]');
  });

  it('T75: a quota failure told twice by a Responses vendor is told once', () => {
    const nested = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'No money.', param: null };
    const failed = responsesAnswer([], {
      status: 'failed',
      error: { code: 'insufficient_quota', message: 'No money.' },
    });
    const chunks = [
      ...begun(R).slice(0, 2),
      { type: 'error', sequence_number: 2, error: nested },
      { type: 'response.failed', sequence_number: 3, response: failed },
    ];
    for (const client of [A, R, C, G]) {
      const cut = streamed(route(client, R), chunks);
      expect(cut.failure).toBe('upstream-quota');
      const errors = dataItems(asClientSees(client, cut)).filter(
        (item) => at(item, 'type') === 'error' || at(item, 'error') !== undefined,
      );
      expect(errors).toHaveLength(1);
    }
  });
});

describe('who speaks which dialect', () => {
  it('T77: a request of the newest Messages SDK, without sampling, is taken by every vendor', () => {
    const body = { model: 'm', max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] };
    for (const target of [A, R, C, G]) {
      const exchange = ask(route(A, target), { ...body, thinking: undefined });
      expect(exchange.losses).toEqual([]);
      expect(exchange.body).not.toMatch(/temperature|top_?[pk]/i);
    }
  });

  it('T79: a Gemini stream has data lines alone, and no [DONE]', () => {
    const { text } = streamed(route(G, C), [chat({ content: 'Hi' }), chat({}, 'stop'), '[DONE]']);
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('data: {'))).toEqual([]);
    expect(text).not.toContain('[DONE]');
  });

  it('T81: items whose ids rotate are held together by their number', async () => {
    const call = responsesCall('call_1', 'look', { city: 'Oslo' });
    const message = responsesText('Hi there');
    const chunks = responsesStream(
      [
        { type: 'response.output_item.added', output_index: 0, item: { ...message, id: 'a1', content: [] } },
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'a2', delta: 'Hi ' },
        { type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'a3', delta: 'there' },
        { type: 'response.output_item.done', output_index: 0, item: { ...message, id: 'a4' } },
        { type: 'response.output_item.added', output_index: 1, item: { ...call, id: 'b1', arguments: '' } },
        { type: 'response.function_call_arguments.delta', output_index: 1, item_id: 'b2', delta: call.arguments },
        { type: 'response.function_call_arguments.done', output_index: 1, item_id: 'b3', arguments: call.arguments },
        { type: 'response.output_item.done', output_index: 1, item: { ...call, id: 'b4' } },
      ],
      [message, call],
    );
    expect(await folded(route(A, R), chunks)).toMatchObject({
      content: [{ text: 'Hi there' }, { type: 'tool_use', id: 'call_1', input: { city: 'Oslo' } }],
    });
  });
});

describe('failures before an answer', () => {
  const answer = (status: number, body: object) => ({
    status,
    headers: {},
    body: encoder.encode(JSON.stringify(body)),
    receivedAt: 0,
  });

  it('T82: an error of the other company on the Messages wire is understood, and told in the client’s form', () => {
    const body = {
      error: { message: 'Insufficient Balance', type: 'unknown_error', param: null, code: 'invalid_request_error' },
    };
    const failure = WIRES[A].errors.classify(answer(402, body));
    expect(failure).toMatchObject({ kind: 'upstream-quota', message: 'Insufficient Balance' });
    const told = WIRES[A].errors.errorBody({ kind: failure.kind, publicMessage: 'No.', requestId: 'req_1' });
    expect(JSON.parse(told.body)).toMatchObject({ type: 'error', error: { type: expect.any(String), message: 'No.' } });
  });

  it.each<{ vendor: string; body: object; codes: Readonly<Record<string, ErrorKind>> }>([
    {
      vendor: 'Zhipu',
      body: { error: { code: '1113', message: 'Insufficient balance' } },
      codes: { '1113': 'upstream-quota' },
    },
    {
      vendor: 'Moonshot',
      body: { error: { type: 'exceeded_current_quota_error', message: 'Your account has no balance' } },
      codes: { exceeded_current_quota_error: 'upstream-quota' },
    },
  ])('T83: a 429 of $vendor that means no money is billing, and not tried again on the same key', ({ body, codes }) => {
    const { kind } = WIRES[C].errors.classify(answer(429, body), codes);
    expect(kind).toBe('upstream-quota');
    expect(ERROR_KINDS[kind].retry).toBe('next-credential');
  });
});

it('T84: a Chat vendor’s transcript reads as the same transcript of a Messages vendor would', async () => {
  const overChat = [
    chat({ role: 'assistant', content: 'I look.' }),
    chat(fragment(0, '{"city":"Oslo"}', { id: 'toolu_1', name: 'look' })),
    chat({}, 'tool_calls', { usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } }),
    '[DONE]',
  ];
  const use = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
  const overMessages = [
    messageStart(),
    ...messageText(0, 'I look.'),
    ...block(1, use, { type: 'input_json_delta', partial_json: '{"city":"Oslo"}' }),
    ...messageEnd('tool_use'),
  ];
  const essence = (answer: object) => [
    at(answer, 'content'),
    at(answer, 'stop_reason'),
    at(answer, 'usage.output_tokens'),
  ];
  expect(essence(await folded(route(A, C), overChat))).toEqual(essence(await folded(route(A, A), overMessages)));
  const whole = chatAnswer({ content: 'I look.' }, 'stop');
  const native = messagesAnswer([{ type: 'text', text: 'I look.' }]);
  expect(at(told(route(A, C), whole), 'content')).toEqual(at(told(route(A, A), native), 'content'));
});
