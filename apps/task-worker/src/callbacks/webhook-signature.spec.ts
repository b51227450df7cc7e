import { OpenAI } from 'openai';
import { Webhook } from 'standardwebhooks';

import { newSigningSecret, signatureHeaders } from './webhook-signature.js';

const body = '{"task_id":"task_01K","status":"completed","note":"Grüße, 世界"}';
const [present, previous] = [newSigningSecret(), newSigningSecret()];

const signedNow = (secrets: readonly string[]) =>
  signatureHeaders({ id: 'msg_01K', sentAt: new Date(), body, secrets });

describe('a signed callback', () => {
  it.each([
    { name: 'the newest secret', secret: present },
    { name: 'the one before, until it has expired', secret: previous },
  ])('is believed by the official library with $name', ({ secret }) => {
    expect(new Webhook(secret).verify(body, signedNow([present, previous]))).toEqual(JSON.parse(body));
  });

  it('is believed by the SDK that most of its receivers have anyway', async () => {
    const { webhooks } = new OpenAI({ apiKey: 'none is used' });
    await expect(webhooks.verifySignature(body, signedNow([present, previous]), previous)).resolves.toBeUndefined();
    await expect(webhooks.verifySignature(body, signedNow([present]), previous)).rejects.toThrow('signature');
  });

  it.each([
    { name: 'another secret', headers: signedNow([previous]), told: body },
    { name: 'another body', headers: signedNow([present]), told: body.replace('completed', 'cancelled') },
    { name: 'another message', headers: { ...signedNow([present]), 'webhook-id': 'msg_02K' }, told: body },
    {
      name: 'a moment that is long ago',
      headers: signatureHeaders({ id: 'msg_01K', sentAt: new Date(Date.now() - 600_000), body, secrets: [present] }),
      told: body,
    },
  ])('is not believed under $name', ({ headers, told }) => {
    expect(() => new Webhook(present).verify(told, headers)).toThrow(/signature|timestamp/);
  });

  it('is signed as the specification says of its own example', () => {
    const headers = signatureHeaders({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      sentAt: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
      secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    });
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });
});

describe('newSigningSecret', () => {
  it('is never the same, and has as much of chance as the digest has of bits', () => {
    expect(present).not.toBe(previous);
    expect(Buffer.from(present.replace('whsec_', ''), 'base64')).toHaveLength(32);
  });
});
