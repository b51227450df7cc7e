import { GatewayError, type ErrorKind } from '@bytespike/kernel';

import { ASKING, runIngress, type IngressUnderTest } from '../testing/run-ingress.js';

/** What stands in contract 0.3 of one failure: its status, and what it is called on each wire where it can happen there. */
type Row = readonly [status: number, openAi: string, code: string, anthropic?: string, gemini?: string];

/** Contract 0.3, row by row. A kind that is missing here does not compile. */
const CONTRACT = {
  'invalid-request': [400, 'invalid_request_error', 'invalid_param', 'invalid_request_error', 'INVALID_ARGUMENT'],
  unsupported: [400, 'invalid_request_error', 'unsupported_capability', 'invalid_request_error', 'INVALID_ARGUMENT'],
  'retired-model': [400, 'invalid_request_error', 'unsupported_model', 'invalid_request_error', 'INVALID_ARGUMENT'],
  'context-too-long': [
    400,
    'invalid_request_error',
    'context_length_exceeded',
    'invalid_request_error',
    'INVALID_ARGUMENT',
  ],
  'previous-response-not-found': [400, 'invalid_request_error', 'previous_response_not_found'],
  unauthenticated: [401, 'authentication_error', 'invalid_api_key', 'authentication_error', 'UNAUTHENTICATED'],
  'insufficient-credit': [402, 'insufficient_quota', 'insufficient_balance', 'billing_error', 'RESOURCE_EXHAUSTED'],
  'quota-exceeded': [402, 'insufficient_quota', 'quota_exceeded', 'billing_error', 'RESOURCE_EXHAUSTED'],
  forbidden: [403, 'permission_error', 'permission_denied', 'permission_error', 'PERMISSION_DENIED'],
  'model-not-in-group': [403, 'permission_error', 'model_not_in_group', 'permission_error', 'PERMISSION_DENIED'],
  'not-found': [404, 'invalid_request_error', 'not_found', 'not_found_error', 'NOT_FOUND'],
  'model-not-found': [404, 'invalid_request_error', 'model_not_found', 'not_found_error', 'NOT_FOUND'],
  'task-not-found': [404, 'invalid_request_error', 'task_not_found'],
  'method-not-allowed': [
    405,
    'invalid_request_error',
    'method_not_allowed',
    'invalid_request_error',
    'INVALID_ARGUMENT',
  ],
  conflict: [409, 'invalid_request_error', 'idempotency_conflict', 'conflict_error', 'ABORTED'],
  gone: [410, 'invalid_request_error', 'gone'],
  'too-large': [413, 'invalid_request_error', 'request_too_large', 'request_too_large', 'INVALID_ARGUMENT'],
  'tools-not-supported': [
    422,
    'invalid_request_error',
    'tool_use_not_supported',
    'invalid_request_error',
    'FAILED_PRECONDITION',
  ],
  'upgrade-required': [426, 'invalid_request_error', 'upgrade_required'],
  'spend-window': [429, 'rate_limit_error', 'spend_limit_exceeded', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  concurrency: [429, 'rate_limit_error', 'concurrency_limit', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  'rate-limited': [429, 'rate_limit_error', 'rate_limited', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  'upstream-refused': [400, 'invalid_request_error', 'upstream_refused', 'invalid_request_error', 'INVALID_ARGUMENT'],
  'upstream-blocked': [451, 'invalid_request_error', 'content_policy_violation'],
  'upstream-credential': [502, 'server_error', 'upstream_error', 'api_error', 'UNAVAILABLE'],
  'upstream-quota': [502, 'server_error', 'upstream_error', 'api_error', 'UNAVAILABLE'],
  'upstream-rate-limited': [429, 'rate_limit_error', 'upstream_rate_limited', 'rate_limit_error', 'RESOURCE_EXHAUSTED'],
  'upstream-model-gone': [502, 'server_error', 'upstream_error', 'api_error', 'UNAVAILABLE'],
  'upstream-transient': [502, 'server_error', 'upstream_error', 'api_error', 'UNAVAILABLE'],
  'upstream-timeout': [504, 'server_error', 'upstream_timeout', 'timeout_error', 'DEADLINE_EXCEEDED'],
  'upstream-garbled': [502, 'server_error', 'upstream_error', 'api_error', 'UNAVAILABLE'],
  unavailable: [503, 'server_error', 'unavailable', 'overloaded_error', 'UNAVAILABLE'],
  internal: [500, 'server_error', 'internal_error', 'api_error', 'INTERNAL'],
} as const satisfies Record<Exclude<ErrorKind, 'cancelled'>, Row>;

/** Every 429 and 503 tells a small wait; what no wait cures says so. */
const WAITS = new Set<string>(['spend-window', 'concurrency', 'rate-limited', 'upstream-rate-limited', 'unavailable']);
const FINAL = new Set<string>(['insufficient-credit', 'quota-exceeded', 'conflict', 'gone']);

const ROWS = Object.entries(CONTRACT).map(([kind, row]) => ({ kind: kind as ErrorKind, row: row as Row }));

describe('contract 0.3', () => {
  let ingress: IngressUnderTest;
  let refusal: GatewayError;
  beforeAll(async () => {
    ingress = await runIngress({
      routing: {
        plan: async () => {
          throw refusal;
        },
      },
    });
  });
  afterAll(() => ingress.stop());

  const waitsOf = (headers: Readonly<Record<string, unknown>>) => [headers['retry-after'], headers['x-should-retry']];

  it.each(ROWS)('$kind is told as promised on every wire', async ({ kind, row }) => {
    const [status, type, code, anthropic, gemini] = row;
    refusal = new GatewayError(kind, 'because');
    const waits = [WAITS.has(kind) ? '2' : undefined, FINAL.has(kind) ? 'false' : undefined];

    for (const wire of ['chat', 'responses'] as const) {
      const reply = await ingress.send(ASKING[wire]);
      expect([reply.status, reply.json()]).toMatchObject([status, { error: { type, code } }]);
      expect(waitsOf(reply.headers)).toEqual(waits);
    }
    const messages = await ingress.send(ASKING.messages);
    expect(messages.status).toBe(kind === 'unavailable' ? 529 : status);
    expect(messages.json()).toMatchObject({ type: 'error', error: { type: anthropic ?? expect.any(String) } });
    expect(waitsOf(messages.headers)).toEqual(waits);

    const google = await ingress.send(ASKING.gemini);
    expect(google.status).toBe(status);
    expect(google.json()).toMatchObject({ error: { code: status, status: gemini ?? expect.any(String) } });
    expect(waitsOf(google.headers)).toEqual(waits);
    expect(google.body.includes('google.rpc.RetryInfo')).toBe(WAITS.has(kind));
  });

  it.each([
    { ms: 250, told: '1', delay: '1s' },
    { ms: 59_001, told: '60', delay: '60s' },
    { ms: 60_000, told: '60', delay: '60s' },
    { ms: 60_001, told: undefined, delay: undefined },
    { ms: 7 * 86_400_000, told: undefined, delay: undefined },
  ])('a window that frees money in $ms ms is told as a wait of $told s, or as none', async ({ ms, told, delay }) => {
    refusal = new GatewayError('spend-window', 'because', { retryAfterMs: ms });
    for (const asked of Object.values(ASKING)) {
      const reply = await ingress.send(asked);
      expect(reply.status).toBe(429);
      expect(waitsOf(reply.headers)).toEqual([told, told === undefined ? 'false' : undefined]);
      if (asked === ASKING.gemini) expect(/"retryDelay":"(\d+s)"/.exec(reply.body.toString())?.[1]).toBe(delay);
    }
  });

  it('an open circuit is told as a few seconds, however long it stays open', async () => {
    refusal = new GatewayError('unavailable', 'every channel is open-circuited', { retryAfterMs: 60_000 });
    for (const asked of Object.values(ASKING)) expect((await ingress.send(asked)).headers['retry-after']).toBe('5');
  });
});
