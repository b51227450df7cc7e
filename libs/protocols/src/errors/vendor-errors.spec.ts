import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { findVendor } from '@bytespike/catalog';
import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { WIRES } from '../registry.js';
import { expectGolden } from '../testing/golden.js';

const sources = join(import.meta.dirname, '..');
const RECEIVED_AT = Date.UTC(2026, 10, 20);

interface Fixture {
  /** Whose own codes refine the protocol's; absent for the protocol's owner. */
  readonly vendor?: string;
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** Written by hand in the shapes the vendors' answers have; `NAME.kind.txt` says what each is to us. */
function fixtures(protocol: ProtocolName): { name: string; path: string; fixture: Fixture }[] {
  const folder = join(sources, protocol, '__fixtures__', 'error');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const name = file.replace('.json', '');
      return {
        name,
        path: join(folder, name),
        fixture: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Fixture,
      };
    });
}

describe.each(PROTOCOL_NAMES)('errors of %s vendors', (protocol) => {
  it.each(fixtures(protocol))('$name', ({ path, fixture }) => {
    const { status, headers = {}, body, vendor = '' } = fixture;
    const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
    const answer = { status, headers, body: bytes, receivedAt: RECEIVED_AT };
    const { kind, retryAfterMs } = WIRES[protocol].errors.classify(answer, findVendor(vendor)?.errorCodes);
    expectGolden(`${path}.kind.txt`, `${kind}${retryAfterMs === undefined ? '' : ` after ${retryAfterMs} ms`}\n`);
  });
});

describe('a message that quotes the request', () => {
  it('does not speak for our account', () => {
    const body = {
      error: { message: "Invalid value: 'Your credit balance is too low'. API key not valid", type: 'x' },
    };
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const answer = { status: 400, headers: {}, body: bytes, receivedAt: RECEIVED_AT };
    expect(WIRES['openai-chat'].errors.classify(answer).kind).toBe('upstream-refused');
  });
});

describe('a wait told as a date', () => {
  it('is counted from when the answer came', () => {
    const headers = { 'retry-after': new Date(RECEIVED_AT + 9_000).toUTCString() };
    const answer = { status: 429, headers, body: new Uint8Array(), receivedAt: RECEIVED_AT };
    expect(WIRES['openai-chat'].errors.classify(answer).retryAfterMs).toBe(9_000);
  });
});
