import { balanceAtRest, GROUPS, newCustomer, NEWS_MS_MAX, type Customer } from './accounts.js';
import { callGateway, eventually, platform, running } from './platform.js';
import { ask } from './readings.js';
import { countTo, messagesWire } from './wires.js';

interface Key {
  readonly id: string;
  readonly name: string;
}
interface Page {
  readonly data: readonly { readonly request_id: string }[];
  readonly next_cursor: string | null;
}

const json = async <T>(path: string, key: string, init: RequestInit = {}): Promise<{ status: number; body: T }> => {
  const response = await callGateway(path, { ...init, key, headers: { 'content-type': 'application/json' } });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
};

const converse = (key: string) =>
  ask({ wire: messagesWire('claude-haiku-4-5', false), key, prompt: 'count to 3', expected: countTo(3) });

/** A customer who has keys and has used one of them a few times. */
async function livingCustomer() {
  const customer = await newCustomer('10.00', GROUPS.default);
  const { body } = await json<{ data: Key[] }>('/api/v1/keys', customer.management);
  const requestIds: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) requestIds.push((await converse(customer.key)).requestId!);
  await balanceAtRest(customer.key);
  return { ...customer, keyId: body.data[0]!.id, requestIds };
}

describe('two accounts', () => {
  let mine: Customer & { keyId: string; requestIds: string[] };
  let theirs: typeof mine;
  beforeAll(async () => {
    [mine, theirs] = await Promise.all([livingCustomer(), livingCustomer()]);
  });

  const attempts = [
    { method: 'GET', path: '' },
    { method: 'PATCH', path: '', body: { name: 'stolen', ip_whitelist: ['203.0.113.1'] } },
    { method: 'POST', path: '/rotate', body: {} },
    { method: 'DELETE', path: '' },
  ];
  it.each(attempts)("find nothing at $method of the other's key$path", async ({ method, path, body }) => {
    const init = { method, ...(body && { body: JSON.stringify(body) }) };
    const stranger = await json(`/api/v1/keys/${theirs.keyId}${path}`, mine.management, init);
    const nobody = await json(`/api/v1/keys/key_of_nobody${path}`, mine.management, init);
    expect([stranger.status, nobody.status]).toEqual([404, 404]);
    // Whether a key exists elsewhere cannot be told from the answer.
    expect(withoutIds(stranger.body)).toEqual(withoutIds(nobody.body));
  });

  it('leave the other as it was', async () => {
    const { body } = await json<Key>(`/api/v1/keys/${theirs.keyId}`, theirs.management);
    expect(body.name).toBe('end-to-end');
    expect((await converse(theirs.key)).verdict).toBe('whole');
  });

  it('list their own keys and no others', async () => {
    for (const reader of [mine.management, mine.key]) {
      const { body } = await json<{ data: Key[] }>('/api/v1/keys', reader);
      expect(body.data.map(({ id }) => id)).toEqual([mine.keyId]);
    }
  });

  it.each(['/v1/usage', '/api/v1/usage'])('read their own calls and no others at %s', async (path) => {
    const { body } = await json<Page>(path, mine.management);
    expect(body.data.map(({ request_id }) => request_id).toSorted()).toEqual(mine.requestIds.toSorted());
  });

  it("get nothing for the other's key id, and nothing by the other's cursor", async () => {
    const byKey = await json<Page>(`/api/v1/usage?api_key_id=${theirs.keyId}`, mine.management);
    expect(byKey.body).toMatchObject({ data: [], next_cursor: null });
    const first = await json<Page>('/api/v1/usage?limit=1', theirs.management);
    const cursor = first.body.next_cursor!;
    const stolen = await json<Page>(`/api/v1/usage?limit=100&cursor=${encodeURIComponent(cursor)}`, mine.management);
    const strangers = (stolen.body.data ?? []).filter(({ request_id }) => !mine.requestIds.includes(request_id));
    expect(strangers).toEqual([]);
  });

  it('have a wallet each', async () => {
    const before = await balanceAtRest(mine.key);
    expect((await converse(theirs.key)).verdict).toBe('whole');
    await balanceAtRest(theirs.key);
    expect(await balanceAtRest(mine.key)).toEqual(before);
  });

  it('cannot say whose they are in the request', async () => {
    const before = await balanceAtRest(theirs.key);
    const response = await callGateway('/v1/messages', {
      method: 'POST',
      key: mine.key,
      headers: { 'content-type': 'application/json', 'x-account-id': theirs.accountId, 'x-key-id': theirs.keyId },
      body: JSON.stringify({
        ...messagesWire('claude-haiku-4-5', false).body('say: hi'),
        metadata: { user_id: theirs.accountId },
      }),
    });
    expect(response.status).toBe(200);
    await response.text();
    await balanceAtRest(mine.key);
    const own = await json<Page>('/v1/usage', mine.key);
    expect(own.body.data.map(({ request_id }) => request_id)).toContain(response.headers.get('request-id'));
    expect(await balanceAtRest(theirs.key)).toEqual(before);
  });

  it('have no way to an operator', async () => {
    const credit = { account_id: mine.accountId, amount_usd: '1.00', reason: 'mine', transaction_id: 'mine' };
    const knocks = ['credits', 'accounts', `accounts/${theirs.accountId}/management-keys`].flatMap((path) =>
      [mine.key, mine.management, ''].map(async (key) => {
        const response = await fetch(`${running().services['console-api']}/api/v1/admin/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
          body: JSON.stringify(credit),
        });
        await response.text();
        return response.status;
      }),
    );
    const statuses = await Promise.all(knocks);
    expect(statuses.filter((status) => status !== 401 && status !== 403)).toEqual([]);
    // And an operator's token is nobody's key.
    expect((await json('/v1/balance', platform.keys.operator)).status).toBe(401);
  });

  it('lose every key at once when an operator pauses them, and the other none', async () => {
    const response = await fetch(`${running().services['console-api']}/api/v1/admin/accounts/${mine.accountId}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${platform.keys.operator}`, 'content-type': 'application/json' },
      body: '{"paused":true}',
    });
    expect(response.status).toBe(200);
    await eventually(async () => ((await converse(mine.key)).status === 403 ? true : undefined), NEWS_MS_MAX);
    expect((await converse(theirs.key)).verdict).toBe('whole');
  });
});

/** An error's body with the ids blanked that differ from answer to answer. */
const withoutIds = (body: unknown): string =>
  JSON.stringify(body)
    .replaceAll(/"request_id":"[^"]*"/g, '')
    .replaceAll(/key_\w+/g, 'key');
