import { ERROR_KINDS, errorKinds, GatewayError, isErrorKind } from './errors.js';

describe('GatewayError', () => {
  it('is itself when it already is one', () => {
    const error = new GatewayError('rate-limited', 'slow down', { retryAfterMs: 1_000 });
    expect(GatewayError.from(error)).toBe(error);
  });

  it('takes anything else for a bug', () => {
    const cause = new TypeError('x is undefined');
    expect(GatewayError.from(cause)).toMatchObject({ kind: 'internal', cause });
    expect(GatewayError.from('text').kind).toBe('internal');
  });

  it.each(errorKinds.filter((kind) => !ERROR_KINDS[kind].clientSafe))('keeps the message of %s to itself', (kind) => {
    expect(new GatewayError(kind, 'credential sk-secret was refused').publicMessage).not.toContain('sk-secret');
  });

  it('says in our own words that a vendor limits us, because its words name our account', () => {
    const told = new GatewayError('upstream-rate-limited', 'Rate limit reached in organization org-1').publicMessage;
    expect(told).toMatch(/rate/);
    expect(told).not.toContain('org-1');
  });

  it.each(errorKinds.filter((kind) => ERROR_KINDS[kind].clientSafe))('shows the message of %s', (kind) => {
    expect(new GatewayError(kind, 'what to do instead').publicMessage).toBe('what to do instead');
  });
});

describe('the table', () => {
  it('retries nothing that is the fault of the client', () => {
    const retried = errorKinds.filter(
      (kind) => ERROR_KINDS[kind].fault === 'client' && ERROR_KINDS[kind].retry !== 'never',
    );
    expect(retried).toEqual([]);
  });

  it('knows its own kinds and no others', () => {
    expect(errorKinds.every(isErrorKind)).toBe(true);
    expect([isErrorKind('toString'), isErrorKind('nothing'), isErrorKind(404)]).toEqual([false, false, false]);
  });
});
