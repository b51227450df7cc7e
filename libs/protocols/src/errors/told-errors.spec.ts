import { ERROR_KINDS, errorKinds, PROTOCOL_NAMES, type ErrorKind, type ProtocolName } from '@bytespike/kernel';

import { WIRES } from '../registry.js';
import { createSseSplitter, readSseRecord } from '../sse.js';
import { accountErrorAnswer } from './account-surface.js';
import type { TellableError } from './wire-errors.js';

const telling = (kind: ErrorKind, more: Partial<TellableError> = {}): TellableError => ({
  kind,
  publicMessage: 'Because.',
  requestId: 'req_1',
  ...more,
});
const told = (protocol: ProtocolName, kind: ErrorKind, more: Partial<TellableError> = {}) => {
  const { status, headers, body } = WIRES[protocol].errors.errorBody(telling(kind, more));
  return { status, headers, body: JSON.parse(body) as { error: Record<string, unknown>; [key: string]: unknown } };
};
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encode = (text: string) => new TextEncoder().encode(text);

describe('errorBody', () => {
  it('says what each dialect’s clients read', () => {
    expect(told('anthropic-messages', 'model-not-in-group')).toEqual({
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: {
        type: 'error',
        error: { type: 'permission_error', message: 'Because.', details: { error_code: 'model_not_in_group' } },
        request_id: 'req_1',
      },
    });
    expect(told('openai-chat', 'invalid-request', { details: { param: 'messages' } })).toEqual({
      status: 400,
      headers: { 'content-type': 'application/json' },
      body: {
        error: { message: 'Because.', type: 'invalid_request_error', param: 'messages', code: 'invalid_param' },
      },
    });
    expect(
      told('openai-responses', 'conflict', { details: { code: 'duplicate_out_task_id' } }).body.error,
    ).toMatchObject({
      code: 'duplicate_out_task_id',
    });
    expect(told('gemini-generate', 'rate-limited', { retryAfterMs: 6_500 })).toEqual({
      status: 429,
      headers: { 'content-type': 'application/json', 'retry-after': '7' },
      body: {
        error: {
          code: 429,
          message: 'Because.',
          status: 'RESOURCE_EXHAUSTED',
          details: [
            { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMITED', domain: 'gateway' },
            { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'req_1' },
            { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
          ],
        },
      },
    });
  });

  it('answers with the status of the row, and 529 for no capacity where that is the custom', () => {
    for (const protocol of PROTOCOL_NAMES) {
      for (const kind of errorKinds) {
        const expected = protocol === 'anthropic-messages' && kind === 'unavailable' ? 529 : ERROR_KINDS[kind].status;
        expect([protocol, kind, told(protocol, kind).status]).toEqual([protocol, kind, expected]);
      }
    }
  });

  it.each(PROTOCOL_NAMES)('%s tells every 429 and every lack of capacity a small wait', (protocol) => {
    const waiting = errorKinds.filter((kind) => ERROR_KINDS[kind].status === 429 || kind === 'unavailable');
    for (const kind of waiting) expect(told(protocol, kind).headers['retry-after']).toBe('2');
  });

  it.each(PROTOCOL_NAMES)('%s tells a few seconds of what may be back at any moment', (protocol) => {
    for (const retryAfterMs of [60_000, 3_600_000])
      expect(told(protocol, 'unavailable', { retryAfterMs }).headers).toMatchObject({ 'retry-after': '5' });
    expect(told(protocol, 'unavailable', { retryAfterMs: 900 }).headers).toMatchObject({ 'retry-after': '1' });
  });

  it.each(PROTOCOL_NAMES)('%s does not tell a wait nobody would sit out', (protocol) => {
    const { headers, body } = told(protocol, 'spend-window', { retryAfterMs: 3_600_000 });
    expect(headers).toMatchObject({ 'x-should-retry': 'false' });
    expect(headers).not.toHaveProperty('retry-after');
    expect(JSON.stringify(body)).not.toContain('RetryInfo');
    for (const kind of ['insufficient-credit', 'quota-exceeded', 'conflict', 'gone'] as const)
      expect(told(protocol, kind).headers).toMatchObject({ 'x-should-retry': 'false' });
  });
});

describe('accountErrorAnswer', () => {
  const toldThere = (kind: ErrorKind, more: Partial<TellableError> = {}) => {
    const { status, headers, body } = accountErrorAnswer(telling(kind, more));
    return { status, headers, error: (JSON.parse(body) as { error: { type: string } }).error };
  };

  it.each([
    { kind: 'insufficient-credit', type: 'billing_error' },
    { kind: 'conflict', type: 'conflict_error' },
    { kind: 'too-large', type: 'request_too_large' },
    { kind: 'rate-limited', type: 'rate_limit_error' },
    { kind: 'unavailable', type: 'api_error' },
  ] as const)('says $type of $kind', ({ kind, type }) => {
    const { status, error } = toldThere(kind);
    expect(status).toBe(ERROR_KINDS[kind].status);
    expect(error).toEqual({ type, message: 'Because.', request_id: 'req_1' });
  });

  it('tells the waits that the protocols tell, and what is at fault from what is refused', () => {
    for (const kind of errorKinds) {
      const { status, headers, error } = toldThere(kind, { retryAfterMs: 6_500 });
      expect(headers).toEqual(told('openai-chat', kind, { retryAfterMs: 6_500 }).headers);
      expect([kind, error.type === 'api_error']).toEqual([kind, status >= 500]);
    }
  });
});

describe('streamError', () => {
  const records = (protocol: ProtocolName, seen: { first?: Uint8Array; last?: Uint8Array } = {}) => {
    const found: { event?: string | undefined; data: Record<string, unknown> }[] = [];
    createSseSplitter().push(WIRES[protocol].errors.streamError(telling('upstream-transient'), seen), (record) => {
      const { event, data } = readSseRecord(record);
      found.push({ event, data: JSON.parse(data ?? '') as Record<string, unknown> });
    });
    return found;
  };

  it('is one record that clients take for an error', () => {
    expect(records('anthropic-messages')).toMatchObject([
      { event: 'error', data: { type: 'error', error: { type: 'api_error' }, request_id: 'req_1' } },
    ]);
    expect(records('openai-chat')).toMatchObject([{ event: undefined, data: { error: { code: 'upstream_error' } } }]);
    expect(records('gemini-generate')).toMatchObject([{ event: undefined, data: { error: { code: 502 } } }]);
  });

  it('carries on the numbers and the id of a Responses stream', () => {
    const first = encode('event: response.created\ndata: {"sequence_number":0,"response":{"id":"resp_abc"}}\n\n');
    const last = encode('data: {"sequence_number": 7}\n\nevent: x\ndata: {"type":"x","sequence_number":8}\n\n');
    expect(records('openai-responses', { first, last })).toMatchObject([
      { event: 'error', data: { sequence_number: 9, code: 'upstream_error', error: { code: 'upstream_error' } } },
      { event: 'response.failed', data: { sequence_number: 10, response: { id: 'resp_abc', status: 'failed' } } },
    ]);
    expect(records('openai-responses')[1]).toMatchObject({
      data: { sequence_number: 1, response: { id: 'resp_req_1' } },
    });
  });

  it.each(PROTOCOL_NAMES)('%s never reads as an end to its own meter', (protocol) => {
    const meter = WIRES[protocol].meter.stream({});
    createSseSplitter().push(WIRES[protocol].errors.streamError(telling('upstream-transient'), {}), (record) =>
      meter.record(record),
    );
    expect(meter.reading()).toMatchObject({ ended: false, failure: { kind: 'upstream-transient' } });
  });
});

describe('keepAlive', () => {
  it('is what each dialect’s clients pass over', () => {
    const spoken = PROTOCOL_NAMES.map((name) => WIRES[name].errors.keepAlive).map((bytes) => bytes && decode(bytes));
    expect(spoken).toEqual([
      'event: ping\ndata: {"type": "ping"}\n\n',
      ': keep-alive\n\n',
      ': keep-alive\n\n',
      undefined,
    ]);
  });
});
