import type { Asked } from '../testing/http-client.js';
import { MemoryAnswerStore } from '../testing/memory-answer-store.js';
import { runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { API_KEY, MANAGEMENT_KEY } from '../testing/samples.js';
import { apiKey } from '../testing/fake-account.js';

const asking = (path: string, body: object | undefined, name?: string): Asked => ({
  path,
  method: 'POST',
  headers: { 'x-api-key': MANAGEMENT_KEY, ...(name !== undefined && { 'idempotency-key': name }) },
  body: body && JSON.stringify(body),
});

describe('a named change of an account', () => {
  let ingress: IngressUnderTest;
  let created: string[];
  let rotated: string[];
  const store = new MemoryAnswerStore();
  beforeEach(async () => {
    [created, rotated] = [[], []];
    ingress = await runIngress(
      {
        account: {
          createKey: async ({ settings }) => {
            created.push(String(settings.name));
            return { key: apiKey, secret: `sk-byts-secret-${created.length}` };
          },
          rotateKey: async ({ keyId }) => {
            rotated.push(keyId);
            return { key: apiKey, secret: 'sk-byts-rotated' };
          },
        },
      },
      { answerStore: store },
    );
  });
  afterEach(async () => {
    store.rows.clear();
    await ingress.stop();
  });

  it('makes one key, whose secret is given once and kept nowhere', async () => {
    const asked = asking('/api/v1/keys', { name: 'one', group_id: 1 }, 'order-1');
    const first = await ingress.send(asked);
    const again = await ingress.send(asked);
    expect([first.status, first.json()]).toEqual([201, expect.objectContaining({ key: 'sk-byts-secret-1' })]);
    expect([again.status, created]).toEqual([410, ['one']]);
    expect(again.body.toString()).toContain(String(first.headers['request-id']));
    expect(JSON.stringify([...store.rows.values()])).not.toContain('secret');
  });

  it('makes two without a name', async () => {
    const asked = asking('/api/v1/keys', { name: 'one', group_id: 1 });
    expect([(await ingress.send(asked)).status, (await ingress.send(asked)).status, created.length]).toEqual([
      201, 201, 2,
    ]);
  });

  it('rotates a key once, and another key is another request', async () => {
    await ingress.send(asking(`/api/v1/keys/${apiKey.id}/rotate`, undefined, 'order-1'));
    const again = await ingress.send(asking(`/api/v1/keys/${apiKey.id}/rotate`, undefined, 'order-1'));
    const other = await ingress.send(asking('/api/v1/keys/key-2/rotate', undefined, 'order-1'));
    expect([again.status, other.status, rotated]).toEqual([410, 409, [apiKey.id]]);
  });

  it('is made after all when the first was refused', async () => {
    const refused = await ingress.send(asking('/api/v1/keys', { name: 1 }, 'order-1'));
    const other = await ingress.send(asking('/api/v1/keys', { name: 'one', group_id: 1 }, 'order-1'));
    expect([refused.status, other.status]).toEqual([400, 201]);
  });

  it('is a matter of the management key', async () => {
    const asked = asking('/api/v1/keys', { name: 'one', group_id: 1 }, 'order-1');
    const reply = await ingress.send({ ...asked, headers: { ...asked.headers, 'x-api-key': API_KEY } });
    expect([reply.status, created.length, store.rows.size]).toEqual([403, 0, 0]);
  });
});
