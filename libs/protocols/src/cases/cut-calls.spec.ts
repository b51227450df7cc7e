import { A, at, C, folded, G, R, received, route, streamed, told } from '../testing/case.js';
import {
  block,
  chat,
  chatAnswer,
  fragment,
  messageEnd,
  messagesAnswer,
  messageStart,
  responsesAnswer,
  responsesCall,
  responsesStream,
} from '../testing/vendor-chunks.js';

/** Calls that an end came in the middle of (protocols 2.9): no client may be told of one that it would run. */
const CLIENTS = [
  { client: A, ends: 'stop_reason', length: 'max_tokens', refusal: 'refusal' },
  { client: R, ends: 'incomplete_details.reason', length: 'max_output_tokens', refusal: 'content_filter' },
  { client: C, ends: 'choices.0.finish_reason', length: 'length', refusal: 'content_filter' },
  { client: G, ends: 'candidates.0.finishReason', length: 'MAX_TOKENS', refusal: 'SAFETY' },
] as const;

const wipe = { id: 'c0', name: 'delete_all' };
const cutWipe = { ...responsesCall('c0', 'delete_all'), arguments: '', status: 'incomplete' };
const cutBy = (reason: string) => ({ status: 'incomplete', incomplete_details: { reason } });

const incomplete = (events: readonly object[], output: readonly object[], more: object) =>
  responsesStream(events, output, more).map((event) =>
    event['type'] === 'response.completed' ? { ...event, type: 'response.incomplete' } : event,
  );

const added = (item: object) => ({ type: 'response.output_item.added', output_index: 0, item });
const done = (item: object) => ({ type: 'response.output_item.done', output_index: 0, item });

/** A call of which nothing but its name came before the limit. */
const UNBEGUN = [
  {
    vendor: 'Chat',
    target: C,
    whole: chatAnswer({ tool_calls: [{ ...wipe, type: 'function', function: { ...wipe, arguments: '' } }] }, 'length'),
    chunks: [chat(fragment(0, '', wipe)), chat({}, 'length')],
  },
  {
    vendor: 'Responses',
    target: R,
    whole: responsesAnswer([cutWipe], cutBy('max_output_tokens')),
    chunks: incomplete([added(cutWipe), done(cutWipe)], [cutWipe], cutBy('max_output_tokens')),
  },
  {
    vendor: 'Responses that names no status of its items',
    target: R,
    whole: responsesAnswer([{ ...cutWipe, status: undefined }], cutBy('max_output_tokens')),
    chunks: incomplete([added({ ...cutWipe, status: undefined })], [], cutBy('max_output_tokens')),
  },
  {
    vendor: 'Messages',
    target: A,
    whole: messagesAnswer([{ type: 'tool_use', ...wipe, input: {} }], 'max_tokens'),
    chunks: [
      messageStart(),
      ...block(0, { type: 'tool_use', ...wipe, input: {} }, { type: 'input_json_delta', partial_json: '' }),
      ...messageEnd('max_tokens'),
    ],
  },
];

const cases = UNBEGUN.flatMap((vendor) => CLIENTS.map((client) => ({ ...vendor, ...client })));

describe.each(cases)('a $client client of a $vendor vendor', ({ client, target, whole, chunks, ends, length }) => {
  const way = route(client, target);

  it('is told that the limit was met, and of no call that was cut before its arguments', () => {
    const answer = told(way, whole);
    expect(at(answer, ends)).toBe(length);
    expect(JSON.stringify(answer)).not.toContain('delete_all');
  });

  it('is told so of a stream', async () => {
    expect(streamed(way, chunks).failure).toBeUndefined();
    expect(at(await folded(way, chunks), ends)).toBe(length);
    expect(JSON.stringify(received(way, chunks))).not.toContain('delete_all');
  });
});

describe('a call without arguments that was not cut', () => {
  const ping = { type: 'tool_use', id: 'c1', name: 'ping', input: {} };
  const half = { type: 'tool_use', ...wipe, input: {} };

  it('is told of where more came behind it before the limit', async () => {
    const chunks = [messageStart(), ...block(0, ping), ...block(1, half), ...messageEnd('max_tokens')];
    const kept = { content: [{ type: 'tool_use', name: 'ping', input: {} }], stop_reason: 'max_tokens' };
    expect(await folded(route(A, A), chunks)).toMatchObject(kept);
    expect(told(route(A, A), messagesAnswer([ping, half], 'max_tokens'))).toMatchObject(kept);
  });

  it('is told of as ever where the answer ended by itself', async () => {
    const call = { ...responsesCall('c1', 'ping'), arguments: '' };
    const chunks = responsesStream([added(call), done(call)], [call]);
    const ran = { content: [{ type: 'tool_use', name: 'ping', input: {} }], stop_reason: 'tool_use' };
    expect(await folded(route(A, R), chunks)).toMatchObject(ran);
    expect(told(route(A, R), responsesAnswer([call]))).toMatchObject(ran);
  });

  it('is garbled where the vendor says at once that it was cut and that it was not', () => {
    const chunks = responsesStream([added(cutWipe), done(cutWipe)], [cutWipe]);
    expect(streamed(route(A, R), chunks).failure).toBe('upstream-garbled');
    expect(() => told(route(A, R), responsesAnswer([cutWipe]))).toThrow('not a JSON object');
  });
});

const HALF = [
  {
    vendor: 'Messages',
    target: A,
    chunks: [
      messageStart(),
      ...block(0, { type: 'tool_use', ...wipe, input: {} }, { type: 'input_json_delta', partial_json: '{"a": "b' }),
      ...messageEnd('refusal'),
    ],
  },
  { vendor: 'Chat', target: C, chunks: [chat(fragment(0, '{"a":', wipe)), chat({}, 'content_filter')] },
];

const refused = HALF.flatMap((vendor) => CLIENTS.map((client) => ({ ...vendor, ...client })));

it.each(refused)(
  'a $client client of a $vendor vendor that refuses inside a call is told so',
  async ({ client, target, chunks, ends, refusal }) => {
    const way = route(client, target);
    expect(streamed(way, chunks).failure).toBeUndefined();
    expect(at(await folded(way, chunks), ends)).toBe(refusal);
  },
);
