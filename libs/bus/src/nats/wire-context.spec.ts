import { jest } from '@jest/globals';
import { headers, type Msg } from '@nats-io/nats-core';

import { readContext, writeContext } from './wire-context.js';

const UNRECORDED = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
const RECORDED = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** A message with these headers, as far as its context goes. */
function messageWith(fields: Readonly<Record<string, string>>): Msg {
  const wire = headers();
  for (const [name, value] of Object.entries(fields)) wire.set(name, value);
  return { headers: wire, reply: 'inbox.1' } as unknown as Msg;
}

describe('the context of a call', () => {
  const now = Date.now();
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockReturnValue(now);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('arrives as it was sent', () => {
    const wire = writeContext({ requestId: 'req 1', deadline: now + 10_000 });
    const { caller, trace } = readContext({ headers: wire } as unknown as Msg, 1);
    expect(caller).toEqual({ requestId: 'req 1', deadline: now + 10_000 });
    expect(trace).toEqual({});
  });

  it('is written as the client would write it', () => {
    const theirs = headers();
    theirs.set('Gw-Call', '250 - req-1');
    const ours = writeContext({ requestId: 'req-1', deadline: now + 250 });
    expect([...ours]).toEqual([...theirs]);
    expect(String(ours)).toBe(String(theirs));
    expect(() => writeContext({ requestId: 'req\r\nNats-Rollup: all', deadline: now })).toThrow(
      'values cannot contain',
    );
  });

  it.each([
    { name: 'an unrecorded trace without its state', traceparent: UNRECORDED, trace: { traceparent: UNRECORDED } },
    { name: 'a recorded one whole', traceparent: RECORDED, trace: { traceparent: RECORDED, tracestate: 'v=1' } },
  ])('carries $name', ({ traceparent, trace }) => {
    const message = messageWith({ 'Gw-Call': `250 ${traceparent} req-1`, tracestate: 'v=1' });
    expect(readContext(message, 1).trace).toEqual(trace);
  });

  it.each<{ name: string; fields: Readonly<Record<string, string>> }>([
    { name: 'no headers', fields: {} },
    { name: 'a header that is not ours', fields: { 'Gw-Call': 'hello' } },
  ])('is made up for a message with $name', ({ fields }) => {
    const { caller, trace } = readContext(messageWith(fields), 60_000);
    expect(caller).toEqual({ requestId: 'nats-inbox.1', deadline: now + 60_000 });
    expect(trace).toEqual({});
  });
});
