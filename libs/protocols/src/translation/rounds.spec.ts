import { parseJson, type ProtocolName } from '@bytespike/kernel';

import { A, at, C, G, R, route } from '../testing/case.js';
import { CURIOUS_REQUESTS } from '../testing/client-requests.js';
import { dataItems } from '../testing/client-streams.js';
import { SDK_FOLDS } from '../testing/sdk-folds.js';
import { vendorBytes } from '../testing/vendor-bytes.js';
import { block, gemini, geminiUsage, messageEnd, messagesAnswer, messageStart } from '../testing/vendor-chunks.js';
import { openExchange } from './exchange.js';
import type { ExchangeOptions } from './exchange-options.js';

const SIGNATURE = `sig${'A'.repeat(97)}`;
const thinking = { type: 'thinking', thinking: 'Hm.', signature: SIGNATURE };
const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'tides' } };
const found = {
  type: 'web_search_tool_result',
  tool_use_id: 'srvtoolu_1',
  content: [{ type: 'web_search_result', url: 'https://a.example/', title: 'A', encrypted_content: 'sealed' }],
};
const paused = messagesAnswer([thinking, { type: 'text', text: 'Let me look. ' }, search, found], 'pause_turn');
const finished = messagesAnswer([{ type: 'text', text: 'High tide at noon.' }]);

const pausedStream = [
  messageStart({ input_tokens: 5, output_tokens: 1 }),
  ...block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Let me look. ' }),
  ...block(1, { ...search, input: {} }, { type: 'input_json_delta', partial_json: '{"query":"tides"}' }),
  ...block(2, found),
  ...messageEnd('pause_turn', { output_tokens: 7 }),
];
const finishedStream = [
  messageStart({ input_tokens: 30, output_tokens: 1 }, 'msg_02'),
  ...block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'High tide at noon.' }),
  ...messageEnd('end_turn', { output_tokens: 6 }),
];

const SEARCHING: Partial<Record<ProtocolName, object>> = {
  [R]: { model: 'm', input: 'When is high tide?', max_output_tokens: 2_000, tools: [{ type: 'web_search' }] },
  [C]: {
    model: 'm',
    messages: [{ role: 'user', content: 'When is high tide?' }],
    max_completion_tokens: 2_000,
    stream_options: { include_usage: true },
    web_search_options: {},
  },
  [G]: {
    contents: [{ role: 'user', parts: [{ text: 'When is high tide?' }] }],
    generationConfig: { maxOutputTokens: 2_000 },
    tools: [{ googleSearch: {} }],
  },
};
const searching = (client: ProtocolName): object => SEARCHING[client] ?? {};

const open = (client: ProtocolName, stream: boolean, more: object = {}) =>
  openExchange(JSON.stringify({ ...searching(client), ...more }), { ...route(client, A), stream });

const bodyOf = (continuation: { readonly body: string } | undefined): unknown =>
  parseJson(continuation?.body ?? 'null');

/** A stream of these rounds, for as long as the vendor is asked to go on. */
function streamRounds(body: string, way: ExchangeOptions, rounds: readonly (readonly unknown[])[], roundsMax = 4) {
  const stream = openExchange(body, { ...way, stream: true }).stream(roundsMax);
  const asked: string[] = [];
  let text = '';
  for (const chunks of rounds) {
    text += stream.push(vendorBytes(way.target, chunks)).text + stream.end().text;
    const next = stream.next();
    if (!next) break;
    asked.push(next.body);
  }
  return { text, asked };
}

describe.each([R, C, G])('a %s client of a vendor that pauses', (client: ProtocolName) => {
  it('has the turn so far sent back as it stands, within what is left of its limit', () => {
    const whole = open(client, false).whole(4);
    expect(whole.push(JSON.stringify(paused))).toBeUndefined();
    const first = parseJson(open(client, false).body);
    expect(bodyOf(whole.next())).toEqual({
      ...(first as object),
      max_tokens: 1_993,
      messages: [
        ...(at(first, 'messages') as object[]),
        { role: 'assistant', content: [thinking, { type: 'text', text: 'Let me look. ' }, search, found] },
      ],
    });
  });

  it('gets one whole answer, and the usage of both rounds', () => {
    const whole = open(client, false).whole(4);
    whole.push(JSON.stringify(paused));
    whole.next();
    const answer = whole.push(JSON.stringify(finished));
    expect(answer?.body.split('Let me look.')).toHaveLength(2);
    expect(answer?.body.split('High tide at noon.')).toHaveLength(2);
    expect(answer?.body).toMatch(/"(?:total_tokens|totalTokenCount)":24/);
    expect(answer?.losses.filter(({ code }) => code === 'L66')).toEqual([]);
    expect(whole.next()).toBeUndefined();
  });

  it('gets one stream with one start, one end and no text twice', async () => {
    const body = JSON.stringify(searching(client));
    const { text, asked } = streamRounds(body, route(client, A), [pausedStream, finishedStream]);
    expect(asked).toHaveLength(1);
    expect(text).not.toContain('L66');
    // The second round's own start, with its own id, is not told.
    expect(text).not.toContain('msg_02');
    expect(text.match(/"response\.created"|"role":"assistant","content":""/g) ?? []).toHaveLength(client === G ? 0 : 1);
    expect(text.match(/"type":"response\.completed"|"finish_reason":"|"finishReason":/g)).toHaveLength(1);
    const folded = await SDK_FOLDS[client][0]?.fold(text);
    // The SDK repeats all text under a name of its own.
    const answer = JSON.stringify(folded, (key, value: unknown) => (key === 'output_text' ? undefined : value));
    expect(answer.split('Let me look.')).toHaveLength(2);
    expect(answer.split('High tide at noon.')).toHaveLength(2);
    expect(answer).toMatch(/"(?:total_tokens|totalTokenCount)":48/);
  });

  it('is left where the vendor was after so many rounds, and told', () => {
    const whole = open(client, false).whole(2);
    expect(whole.push(JSON.stringify(paused))).toBeUndefined();
    expect(whole.next()).toBeDefined();
    const answer = whole.push(JSON.stringify(paused));
    expect(answer?.body).toMatch(/"incomplete"|"finish_reason":"length"|"finishReason":"OTHER"/);
    expect(answer?.losses).toContainEqual({ code: 'L66', path: 'finish', effect: 'approximated' });
    expect(whole.next()).toBeUndefined();
  });

  it('is not asked beyond the limit that its client set', () => {
    const spent = { ...paused, usage: { input_tokens: 5, output_tokens: 2_000 } };
    expect(open(client, false).whole(4).push(JSON.stringify(spent))?.losses).toContainEqual(
      expect.objectContaining({ code: 'L66' }),
    );
  });
});

it('numbers the parts of every round through', () => {
  const { text } = streamRounds(JSON.stringify(searching(R)), route(R, A), [pausedStream, finishedStream]);
  const added = dataItems(text).filter((item) => at(item, 'type') === 'response.output_item.added');
  expect(added.map((item) => at(item, 'output_index'))).toEqual(added.map((_item, index) => index));
});

it('a search that had to be made is not made again in every round', () => {
  const whole = open(R, false, { tool_choice: 'required' }).whole(4);
  expect(at(parseJson(open(R, false, { tool_choice: 'required' }).body), 'tool_choice')).toEqual({ type: 'any' });
  whole.push(JSON.stringify(paused));
  expect(at(bodyOf(whole.next()), 'tool_choice')).not.toEqual({ type: 'any' });
});

it('a turn with a call that its client has to answer is not carried on', () => {
  const call = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };
  const tools = [{ type: 'function', name: 'look', parameters: { type: 'object' } }, { type: 'web_search' }];
  const answer = open(R, false, { tools })
    .whole(4)
    .push(JSON.stringify(messagesAnswer([search, found, call], 'pause_turn')));
  expect(answer?.body).toContain('"function_call"');
});

it("a client of the vendor's own wire is told of the pause and goes on itself", () => {
  const way = { ...route(A, A), stream: true };
  const { text, asked } = streamRounds(JSON.stringify(CURIOUS_REQUESTS[A]), way, [pausedStream]);
  expect([asked, text.includes('"stop_reason":"pause_turn"')]).toEqual([[], true]);
});

describe('a vendor that gives a token to go on with', () => {
  const half = gemini(
    [{ text: 'Chapter one' }],
    { finishReason: 'CONTINUATION', continuationToken: 'dG9rZW4=' },
    geminiUsage(9),
  );
  const rest = gemini([{ text: ', and two.' }], { finishReason: 'STOP' }, geminiUsage(20));

  it.each([A, R, C])('is handed it, and a %s client gets one answer', (client) => {
    const way = route(client, G);
    const { text, asked } = streamRounds(JSON.stringify(CURIOUS_REQUESTS[client]), way, [[half], [rest]]);
    const first = parseJson(openExchange(JSON.stringify(CURIOUS_REQUESTS[client]), way).body);
    expect(asked.map((body) => at(parseJson(body), 'contents'))).toEqual([at(first, 'contents')]);
    expect(asked.map((body) => at(parseJson(body), 'continuationToken'))).toEqual(['dG9rZW4=']);
    expect(text).toContain('Chapter one');
    expect(text).toContain(', and two.');
    expect(text).toMatch(/"(?:end_turn|stop)"|response\.completed/);
  });

  it.each([
    { client: A, word: '"stop_reason":"max_tokens"' },
    { client: R, word: '"reason":"max_output_tokens"' },
    { client: C, word: '"finish_reason":"length"' },
    { client: G, word: '"finishReason":"CONTINUATION","continuationToken":"dG9rZW4="' },
  ])('and is left is a limit to a $client client: $word', ({ client, word }) => {
    const { text } = streamRounds(JSON.stringify(CURIOUS_REQUESTS[client]), route(client, G), [[half]], 1);
    expect(text).toContain(word);
  });
});
