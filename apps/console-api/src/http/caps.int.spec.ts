import { seedCatalogue, simulatorBaseAddresses } from '@bytespike/catalog';
import { configuration } from '@bytespike/contracts';

import { CatalogueStore } from '../catalogue-store.js';
import { runConsole, type ConsoleUnderTest } from '../testing/run-console.js';

describe('caps set by an operator', () => {
  let announced: string[] = [];
  let accounts = 0;
  let underTest: ConsoleUnderTest;

  beforeAll(async () => {
    underTest = await runConsole(async ({ bus, prisma }) => {
      await bus.subscribe(configuration.keyChanged, { mode: 'broadcast' }, async (changes) => {
        for (const { keyDigests } of changes) announced.push(...keyDigests);
      });
      await new CatalogueStore(prisma).publish(seedCatalogue(simulatorBaseAddresses('http://127.0.0.1:8090')));
    });
  });
  beforeEach(() => {
    announced = [];
  });
  afterAll(() => underTest.stop());

  const send: ConsoleUnderTest['send'] = (...asked) => underTest.send(...asked);
  const newAccount = async (kind = 'organisation'): Promise<string> => {
    const id = `acc_${accounts++}`;
    await underTest.prisma.identityAccount.create({ data: { id, name: id, kind, tier: 'free' } });
    return id;
  };
  const cap = (subject: string, span: string, amount_usd: string) => ({ subject, span, amount_usd });
  const put = (id: string, ...caps: object[]) => send('PUT', `accounts/${id}/caps`, { caps });

  it('are kept, changed and taken away one by one, and the others stay', async () => {
    const id = await newAccount();
    const first = [cap('account', '7d', '25.50'), cap('member:m_1', 'life', '3.00')];
    expect(await put(id, ...first)).toEqual({ status: 200, body: { caps: first } });
    const changed = await put(id, cap('member:m_1', 'life', '0'), cap('account', '7d', '0.000000001'));
    expect(changed.body).toEqual({ caps: [cap('account', '7d', '0.000000001')] });
    expect((await put(id, cap('model:gpt-5-4', '5h', '1.00'))).body).toEqual({
      caps: [cap('account', '7d', '0.000000001'), cap('model:gpt-5-4', '5h', '1.00')],
    });
    expect((await send('GET', `accounts/${id}/caps`)).body).toEqual((await put(id)).body);
  });

  it('are announced for every key of the account and no other', async () => {
    const [id, other] = [await newAccount(), await newAccount()];
    for (const [key, accountId] of [
      ['k1', id],
      ['k2', id],
      ['k3', other],
    ] as const)
      await underTest.prisma.identityApiKey.create({
        data: { id: key, accountId, name: key, digest: key, hint: 'h', groupId: 1 },
      });
    await put(id, cap('account', '1d', '1.00'));
    expect(announced.toSorted()).toEqual(['k1', 'k2']);
  });

  it('are set all or none', async () => {
    const id = await newAccount();
    const answer = await put(id, cap('account', '1d', '1.00'), cap('model:no-such', '1d', '1.00'));
    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('no-such') } } });
    expect((await send('GET', `accounts/${id}/caps`)).body).toEqual({ caps: [] });
    expect(announced).toEqual([]);
  });

  it.each([
    { name: 'a negative amount', body: { caps: [cap('account', '1d', '-1')] }, says: 'must not be negative' },
    { name: 'no amount', body: { caps: [cap('account', '1d', 'much')] }, says: 'must be a decimal' },
    { name: 'an unknown span', body: { caps: [cap('account', '2d', '1')] }, says: 'caps.0.span' },
    { name: 'a misspelt field', body: { caps: [{ ...cap('account', '1d', '1'), amout: '2' }] }, says: 'amout' },
    { name: 'no list', body: {}, says: 'caps' },
  ])('are refused with $name', async ({ body, says }) => {
    const answer = await send('PUT', `accounts/${await newAccount()}/caps`, body);
    expect(answer).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining(says) } } });
  });

  it('are nobody else’s business, and no unknown account’s', async () => {
    const id = await newAccount();
    expect((await send('GET', `accounts/${id}/caps`, undefined, 'nobody')).status).toBe(401);
    expect((await send('GET', 'accounts/acc_no/caps')).status).toBe(404);
    expect((await send('PUT', 'accounts/acc_no/caps', { caps: [] })).status).toBe(404);
  });

  it('stand beside a number of requests in flight, which takes effect at once and goes back to the tier’s', async () => {
    const id = await newAccount();
    await underTest.prisma.identityApiKey.create({
      data: { id: 'k4', accountId: id, name: 'k4', digest: 'k4', hint: 'h', groupId: 1 },
    });
    for (const concurrency of [700, 0, null]) {
      announced = [];
      expect((await send('PATCH', `accounts/${id}`, { concurrency })).body).toMatchObject({ concurrency });
      expect(announced).toEqual(['k4']);
    }
    expect((await send('PATCH', `accounts/${id}`, { concurrency: -1 })).status).toBe(400);
    expect((await send('PATCH', `accounts/${id}`, { tier: 'max' })).body).toMatchObject({
      tier: 'max',
      concurrency: null,
    });
  });
});
