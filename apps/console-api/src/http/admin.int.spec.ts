import { billing, configuration, type HandlersFor } from '@bytespike/contracts';
import { digestKey } from '@bytespike/secrets';

import { OPERATOR, PEPPER, runConsole, type ConsoleUnderTest } from '../testing/run-console.js';

type Credit = Parameters<HandlersFor<typeof billing>['credit']>[0];

describe("operators' door", () => {
  const credits: Credit[] = [];
  const announced: string[] = [];
  let underTest: ConsoleUnderTest;

  beforeAll(async () => {
    underTest = await runConsole(async ({ bus }) => {
      const unused = () => Promise.reject(new Error('not part of this test'));
      await bus.serve(billing, {
        hold: unused,
        quote: unused,
        extend: unused,
        accounting: unused,
        heartbeat: unused,
        unended: unused,
        balance: unused,
        listUsage: unused,
        credit: async (credit) => {
          credits.push(credit);
          return { available: credit.amount };
        },
      });
      await bus.subscribe(configuration.keyChanged, { mode: 'broadcast' }, async (changes) => {
        for (const { keyDigests } of changes) announced.push(...keyDigests);
      });
    });
  });
  afterAll(() => underTest.stop());

  const send: ConsoleUnderTest['send'] = (...asked) => underTest.send(...asked);
  const newAccount = async () =>
    (await send('POST', 'accounts', { name: 'Acme', kind: 'organisation', tier: 'max' })).body as { id: string };

  it('creates an account and credits it, naming the operator', async () => {
    const { id } = await newAccount();
    const credit = { account_id: id, amount_usd: '25.50', reason: 'pilot', transaction_id: 'pilot-1' };
    expect(await send('POST', 'credits', credit)).toEqual({
      status: 200,
      body: { account_id: id, available_usd: '25.50' },
    });
    expect(credits.at(-1)).toMatchObject({
      accountId: id,
      amount: 25_500_000_000n,
      actor: 'olga',
      transactionId: 'pilot-1',
    });
  });

  it('drops the cached keys of an account it pauses', async () => {
    const { id } = await newAccount();
    const key = { id: `key_${id}`, accountId: id, name: 'k', digest: digestKey(id, PEPPER), hint: 'h', groupId: 1 };
    await underTest.prisma.identityApiKey.create({ data: key });
    expect((await send('PATCH', `accounts/${id}`, { paused: true })).body).toMatchObject({ id, paused: true });
    expect(announced).toContain(key.digest);
  });

  it.each([
    { name: 'x-api-key', headers: { 'x-api-key': OPERATOR }, query: '' },
    { name: 'x-goog-api-key', headers: { 'x-goog-api-key': OPERATOR }, query: '' },
    { name: 'a Bearer token', headers: { authorization: `Bearer ${OPERATOR}` }, query: '' },
    { name: 'the query', headers: {}, query: `?key=${OPERATOR}` },
  ])('takes a token by $name', async ({ headers, query }) => {
    const url = `${underTest.admin}/accounts${query}`;
    const body = JSON.stringify({ name: 'Acme', kind: 'organisation', tier: 'max' });
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body,
    });
    expect(response.status).toBe(201);
  });

  it.each([
    { method: 'GET', path: 'credits?key=secret', status: 405, allow: 'POST', message: 'Use POST for this address.' },
    {
      method: 'DELETE',
      path: 'accounts/acc_1/caps',
      status: 405,
      allow: 'GET, HEAD, PUT',
      message: 'Use GET or HEAD or PUT for this address.',
    },
    { method: 'GET', path: 'nothing?key=secret', status: 404, allow: null, message: 'There is no such address.' },
  ])('answers $method $path with $status', async ({ method, path, status, allow, message }) => {
    const response = await fetch(`${underTest.admin}/${path}`, { method });
    const { error } = (await response.json()) as { error: { message: string } };
    expect([response.status, response.headers.get('allow'), error.message]).toEqual([status, allow, message]);
  });

  it('makes a management key that manages that account and is no operator', async () => {
    const { id } = await newAccount();
    const { key } = (await send('POST', `accounts/${id}/management-keys`, {})).body as { key: string };
    expect(key).toMatch(/^sk-mgmt-byts-/);
    expect((await send('POST', 'accounts', {}, key)).status).toBe(403);
  });

  it('gives every answer its id, under both names and in the body of a failure', async () => {
    for (const path of ['credits', 'nothing']) {
      const response = await fetch(`${underTest.admin}/${path}`, { method: 'POST' });
      const { error } = (await response.json()) as { error: { request_id: string } };
      expect(error.request_id).toMatch(/^req_/);
      expect(response.headers.get('request-id')).toBe(error.request_id);
      expect(response.headers.get('x-request-id')).toBe(error.request_id);
    }
  });

  it.each([
    { body: '{"name":"Acme","kind":"organisation","tier":"max"}', status: 201 },
    { body: '{"name":"Acme"', status: 400 },
  ])('reads what curl calls a form as the JSON it is: $status', async ({ body, status }) => {
    const response = await fetch(`${underTest.admin}/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATOR}`, 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject(
      status === 201 ? { name: 'Acme' } : { error: { type: 'invalid_request_error' } },
    );
  });

  it.each([
    { name: 'no token', path: 'credits', body: {}, token: 'nobody', status: 401, type: 'authentication_error' },
    {
      name: 'a bad amount',
      path: 'credits',
      body: { account_id: 'a', amount_usd: '1e3' },
      status: 400,
      type: 'invalid_request_error',
    },
    {
      name: 'a field that nobody knows',
      path: 'credits',
      body: { account_id: 'acc_no', amount_usd: '1', reason: 'r', transaction_id: 't', dry_run: true },
      status: 400,
      type: 'invalid_request_error',
    },
    {
      name: 'a transaction under the name of a payment',
      path: 'credits',
      body: { account_id: 'acc_no', amount_usd: '1', reason: 'r', transaction_id: 'topup:top_1' },
      status: 400,
      type: 'invalid_request_error',
    },
    {
      name: 'an unknown account',
      path: 'credits',
      body: { account_id: 'acc_no', amount_usd: '1', reason: 'r', transaction_id: 't' },
      status: 404,
      type: 'not_found_error',
    },
    {
      name: 'a body over the limit',
      path: 'credits',
      body: { reason: 'r'.repeat(1024 * 1024) },
      status: 413,
      type: 'request_too_large',
    },
    {
      name: 'a name with a NUL in it',
      path: 'accounts',
      body: { name: 'a\0b', kind: 'individual', tier: 'free' },
      status: 400,
      type: 'invalid_request_error',
    },
    {
      name: 'an address with a NUL in it',
      path: 'accounts/%00/management-keys',
      body: {},
      status: 400,
      type: 'invalid_request_error',
    },
    { name: 'an unknown route', path: 'nothing', body: {}, status: 404, type: 'not_found_error' },
  ])('answers $name in the envelope of the account surface', async ({ path, body, token, status, type }) => {
    const answer = await send('POST', path, body, token);
    expect(answer).toMatchObject({ status, body: { error: { type, request_id: expect.stringMatching(/^req_/) } } });
  });
});
