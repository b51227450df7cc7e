import type { HandlersFor, tasks } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import type { Script } from '../testing/fake-platform.js';
import { filmPlan, mediaTarget, task } from '../testing/fake-tasks.js';
import { runIngress, type IngressUnderTest, type Settings } from '../testing/run-ingress.js';
import { API_KEY, principal } from '../testing/samples.js';

type Submit = Parameters<HandlersFor<typeof tasks>['submit']>[0];

const KEY = { 'x-api-key': API_KEY };
const SUBMIT = '/v1/tasks/submit';
const PICTURE = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from('a picture')]);
const DATA_URL = `data:image/png;base64,${PICTURE.toString('base64')}`;

let ingress: IngressUnderTest;
let submitted: Submit[];

/** A gateway whose task-worker takes everything, or does what the test says. */
async function start(script: Script = {}, settings: Settings = {}): Promise<void> {
  submitted = [];
  const take = script.tasks?.submit ?? (async () => ({ task, isNew: true, holdBasis: 'seconds=8 price=veo-3.1@1' }));
  ingress = await runIngress(
    {
      ...script,
      routing: { planMedia: async () => filmPlan, ...script.routing },
      tasks: {
        ...script.tasks,
        submit: (input, context) => {
          submitted.push(input);
          return take(input, context);
        },
      },
    },
    settings,
  );
}
afterEach(() => ingress.stop());

const post = (body: object | string, path = SUBMIT, headers: Record<string, string> = KEY) =>
  ingress.send({ path, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

const film = { prompt: 'a film', duration_seconds: 8 };

describe('a submission', () => {
  it('reaches task-worker judged, with all that it will need', async () => {
    await start({ routing: { planMedia: async () => ({ ...filmPlan, alias: 'veo3.1' }) } });
    const reply = await post({
      model: 'veo3.1',
      params: film,
      out_task_id: 'mine',
      callback_url: 'https://customer.example/told',
    });
    expect([reply.status, reply.json().status]).toEqual([200, 'pending']);
    expect(submitted).toEqual([
      {
        principal,
        model: 'veo-3.1',
        alias: 'veo3.1',
        targets: [mediaTarget],
        estimatedSeconds: expect.any(Number),
        outTaskId: 'mine',
        callbackUrl: 'https://customer.example/told',
        inputHash: expect.stringMatching(/^[\w-]{43}$/),
        asked: {
          kind: 'video',
          request: { prompt: 'a film', seconds: 8, resolution: '1080p', aspectRatio: '16:9', images: [] },
        },
      },
    ]);
  });

  it('is answered with its price, its names and the limits of its key', async () => {
    await start({ routing: { planMedia: async () => ({ ...filmPlan, alias: 'veo3.1' }) } });
    const { headers } = await post({ model: 'veo3.1', params: film });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-estimated-credits': '3.20',
      'x-hold-basis': 'seconds=8 price=veo-3.1@1',
      'x-model-alias': 'veo3.1 -> veo-3.1',
      'x-quota-remaining-credits': '12.34',
      'x-ratelimit-limit': '5.00',
      'request-id': expect.stringMatching(/./),
    });
  });

  it.each([
    { what: 'a task', body: { model: 'sora-2', params: { ...film, seed: 5 } }, path: 'params.seed' },
    { what: 'one beside its model', body: { model: 'sora-2', ...film, seed: 5 }, path: 'seed' },
    { what: 'a question about a price', body: { model: 'sora-2', ...film, seed: 5, dry_run: true }, path: 'seed' },
  ])('of $what is told what its vendor has no place for', async ({ body, path }) => {
    const target = { ...mediaTarget, vendor: 'openai', model: 'sora-2', upstreamModel: 'sora-2' };
    await start({ routing: { planMedia: async () => ({ ...filmPlan, model: 'sora-2', targets: [target] }) } });
    const told = await post(body);
    expect([told.status, told.headers['x-gateway-warnings']]).toEqual([200, `L60;path="${path}";action=dropped`]);
    expect((await post({ model: 'sora-2', ...film })).headers).not.toHaveProperty('x-gateway-warnings');
  });

  it.each([
    {
      shape: 'canonical',
      path: SUBMIT,
      body: { model: 'veo-3.1', params: film },
      told: { created_at: '2023-11-14T22:13:20.000Z', status: 'pending' },
    },
    {
      shape: 'flat',
      path: SUBMIT,
      body: { model: 'veo-3.1', ...film },
      told: { submitted_at: '2023-11-14T22:13:20.000Z', status: 'queued' },
    },
    {
      shape: 'video',
      path: '/v1/videos/generations',
      body: { model: 'veo-3.1', ...film, size: '1280x720' },
      told: { created_at: '2023-11-14T22:13:20.000Z', status: 'pending' },
    },
    {
      shape: 'canonical',
      path: '/tasks/submit',
      body: { model: 'veo-3.1', params: film, stream: true },
      told: { out_task_id: null },
    },
  ])('in the $shape shape is answered in it', async ({ path, body, told }) => {
    await start();
    const reply = await post(body, path);
    expect([reply.status, reply.json()]).toMatchObject([
      200,
      { task_id: task.taskId, estimated_credits: 3.2, estimated_seconds: 75, ...told },
    ]);
    expect(submitted).toHaveLength(1);
  });

  it('is the same one whatever its order, its shape and the name of its model', async () => {
    await start();
    await post({ model: 'veo-3.1', params: { prompt: 'a film', duration_seconds: 8 } });
    await post({ model: 'veo3.1', duration_seconds: 8, prompt: 'a film', callback_url: 'https://customer.example/' });
    await post({ model: 'veo-3.1', params: { prompt: 'another film', duration_seconds: 8 } });
    const [first, second, third] = submitted.map(({ inputHash }) => inputHash);
    expect(first).toBe(second);
    expect(first).not.toBe(third);
  });

  it('asks for films alone at the address of films', async () => {
    const kinds: unknown[] = [];
    await start({
      routing: {
        planMedia: async (question) => {
          kinds.push(question.kinds);
          return filmPlan;
        },
      },
    });
    await post({ model: 'veo-3.1', params: film });
    await post({ model: 'veo-3.1', ...film }, '/v1/videos/generations');
    expect(kinds).toEqual([['video', 'image'], ['video']]);
  });

  it('of pictures is answered with addresses, whatever it says of streams', async () => {
    await start({
      routing: {
        planMedia: async () => ({
          model: 'seedream-4',
          kind: 'image',
          targets: [{ ...mediaTarget, model: 'seedream-4', kind: 'image' }],
        }),
      },
    });
    expect((await post({ model: 'seedream-4', params: { prompt: 'x', n: 2, stream: true } })).status).toBe(200);
    expect(submitted[0]?.asked).toMatchObject({ kind: 'image', request: { n: 2, responseFormat: 'url' } });
    const refused = await post({ model: 'seedream-4', params: { prompt: 'x', response_format: 'b64_json' } });
    expect([refused.status, refused.json()]).toMatchObject([400, { error: { param: 'params.response_format' } }]);
  });

  it('of which only the price is wanted holds and makes nothing', async () => {
    const asked: unknown[] = [];
    await start({
      billing: {
        quote: async (question) => {
          asked.push(question);
          return { amount: 3_200_000_000n, basis: 'seconds=8 price=veo-3.1@1' };
        },
      },
      tasks: { estimate: async () => ({ estimatedSeconds: 61 }) },
    });
    const reply = await post({ model: 'veo-3.1', params: { ...film, image_init: DATA_URL }, dry_run: true });
    expect(reply.json()).toEqual({
      dry_run: true,
      model: 'veo-3.1',
      estimated_credits: 3.2,
      estimated_seconds: 61,
      hold_basis: 'seconds=8 price=veo-3.1@1',
    });
    expect(reply.headers).toMatchObject({ 'x-estimated-credits': '3.20', 'x-hold-basis': 'seconds=8 price=veo-3.1@1' });
    expect([asked, submitted]).toEqual([[{ priceVersions: ['veo-3.1@1'], units: { seconds: 8 } }], []]);
    expect(await kept()).toEqual([]);
  });
});

/** What lies in the object store. */
const kept = async (): Promise<readonly string[]> =>
  (await ingress.assets.list({ before: new Date(Date.now() + 60_000), limit: 100 })).names;

describe('what a submission brings along', () => {
  const withPicture = { model: 'veo-3.1', params: { ...film, image_init: DATA_URL } };

  it('lies in the object store, and travels by name', async () => {
    await start();
    await post(withPicture);
    const [name = ''] = await kept();
    expect(name).toMatch(/^upload\/\d{4}-\d\d-\d\d\/[0-9A-Z]{26}\.png$/);
    expect(submitted[0]?.asked.request.images).toEqual([
      { role: 'first-frame', source: { type: 'asset', id: name, mediaType: 'image/png' } },
    ]);
    expect((await ingress.assets.head(name))?.bytes).toBe(PICTURE.length);
  });

  it.each([
    { when: 'the task is refused', kind: 'insufficient-credit', left: 0 },
    { when: 'there may be a task', kind: 'unavailable', left: 1 },
  ] as const)('leaves $left behind when $when', async ({ kind, left }) => {
    await start({
      tasks: {
        submit: async () => {
          throw new GatewayError(kind, 'no');
        },
      },
    });
    await post(withPicture);
    expect(await kept()).toHaveLength(left);
  });

  it('is not kept for a task that there was already', async () => {
    await start({ tasks: { submit: async () => ({ task, isNew: false }) } });
    expect((await post(withPicture)).status).toBe(200);
    expect(await kept()).toEqual([]);
  });

  it.each([
    { what: 'bytes that are no picture', image: `data:image/png;base64,${Buffer.from('<svg/>').toString('base64')}` },
    { what: 'an address inside', image: 'https://10.0.0.1/x.png' },
    { what: 'this machine', image: 'https://127.0.0.1/x.png' },
    { what: 'this machine in IPv6', image: 'https://[::1]/x.png' },
    { what: 'this machine in an odd spelling', image: 'https://0x7f.1/x.png' },
    { what: 'a mapped address', image: 'https://[::ffff:10.0.0.1]/x.png' },
    { what: 'a metadata server', image: 'https://169.254.169.254/latest' },
    { what: 'a user in the address', image: 'https://user@customer.example/x.png' },
    { what: 'another port', image: 'https://customer.example:8443/x.png' },
    { what: 'no encryption', image: 'http://customer.example/x.png' },
    { what: 'slashes that are none', image: 'https:\\\\127.0.0.1\\x.png' },
    { what: 'a name of this network', image: 'https://metadata.google.internal/x.png' },
  ])('is refused when it is $what', async ({ image }) => {
    await start();
    const reply = await post({ model: 'veo-3.1', params: { ...film, image_init: image } });
    expect([reply.status, reply.json()]).toMatchObject([
      400,
      { error: { code: 'invalid_param', param: 'params.image_init' } },
    ]);
    expect([submitted, await kept()]).toEqual([[], []]);
  });

  it('comes from an address of the public internet as it is', async () => {
    await start();
    await post({ model: 'veo-3.1', ...film, source_image: 'https://customer.example/x.png' });
    expect(submitted[0]?.asked.request.images).toEqual([
      { role: 'first-frame', source: { type: 'address', url: 'https://customer.example/x.png' } },
    ]);
  });
});

describe('a submission is refused, in the shape of OpenAI and before any money is held,', () => {
  const refusing = (kind: 'invalid-request' | 'model-not-found' | 'model-not-in-group') => async (): Promise<never> => {
    throw new GatewayError(kind, 'no such thing', { details: { param: 'model' } });
  };

  it.each([
    {
      what: 'without a key',
      headers: {},
      body: { model: 'veo-3.1', params: film },
      status: 401,
      code: 'invalid_api_key',
    },
    { what: 'that is no JSON', body: '{', status: 400, code: 'invalid_param' },
    { what: 'that is no object', body: '[]', status: 400, code: 'invalid_param', param: 'body' },
    {
      what: 'that is nested without end',
      body: `{"model":"veo-3.1","params":${'['.repeat(600)}`,
      status: 400,
      code: 'invalid_param',
    },
    { what: 'without a model', body: { params: film }, status: 400, code: 'invalid_param', param: 'model' },
    {
      what: 'without a prompt',
      body: { model: 'veo-3.1', params: {} },
      status: 400,
      code: 'invalid_param',
      param: 'params.prompt',
    },
    {
      what: 'of a length that the model has not',
      body: { model: 'veo-3.1', params: { ...film, duration_seconds: 9 } },
      status: 400,
      code: 'invalid_param',
      param: 'params.duration_seconds',
    },
    {
      what: 'with a word nobody knows',
      body: { model: 'veo-3.1', ...film, lenght: 3 },
      status: 400,
      code: 'invalid_param',
      param: 'lenght',
    },
    {
      what: 'with parameters in two places',
      body: { model: 'veo-3.1', params: film, seed: 3 },
      status: 400,
      code: 'invalid_param',
      param: 'seed',
    },
    {
      what: 'that is larger than a mebibyte',
      body: { model: 'veo-3.1', params: { prompt: 'x'.repeat(1_048_576) } },
      status: 413,
      code: 'request_too_large',
    },
    {
      what: 'with a callback inside',
      body: { model: 'veo-3.1', params: film, callback_url: 'https://192.168.1.1/told' },
      status: 400,
      code: 'invalid_param',
      param: 'callback_url',
    },
    {
      what: 'with a callback without encryption',
      body: { model: 'veo-3.1', params: film, callback_url: 'http://customer.example/told' },
      status: 400,
      code: 'invalid_param',
      param: 'callback_url',
    },
    {
      what: 'of a model that writes',
      planMedia: refusing('invalid-request'),
      body: { model: 'gpt-5-4', params: film },
      status: 400,
      code: 'invalid_param',
      param: 'model',
    },
    {
      what: 'of a model nobody knows',
      planMedia: refusing('model-not-found'),
      body: { model: 'veo-9', params: film },
      status: 404,
      code: 'model_not_found',
    },
    {
      what: 'of a model of others',
      planMedia: refusing('model-not-in-group'),
      body: { model: 'veo-3.1', params: film },
      status: 403,
      code: 'model_not_in_group',
    },
  ])('$what', async ({ body, headers = KEY, planMedia, status, code, param }) => {
    await start(planMedia && { routing: { planMedia } });
    const reply = await post(body, SUBMIT, headers);
    expect([reply.status, reply.json()]).toMatchObject([status, { error: { code, ...(param && { param }) } }]);
    expect(submitted).toEqual([]);
  });

  it.each([
    { kind: 'conflict', details: { code: 'duplicate_out_task_id' }, status: 409, code: 'duplicate_out_task_id' },
    { kind: 'insufficient-credit', details: {}, status: 402, code: 'insufficient_balance' },
    { kind: 'quota-exceeded', details: {}, status: 402, code: 'quota_exceeded' },
    { kind: 'spend-window', details: {}, status: 429, code: 'spend_limit_exceeded' },
    { kind: 'rate-limited', details: {}, status: 429, code: 'rate_limited' },
    { kind: 'unavailable', details: {}, status: 503, code: 'unavailable' },
  ] as const)('as task-worker says: $kind', async ({ kind, details, status, code }) => {
    await start({
      tasks: {
        submit: async () => {
          throw new GatewayError(kind, 'no', { details });
        },
      },
    });
    const reply = await post({ model: 'veo-3.1', params: film });
    expect([reply.status, reply.json()]).toMatchObject([status, { error: { code } }]);
    expect(reply.headers['x-quota-remaining-credits']).toBe('12.34');
  });
});

describe('a submission with an Idempotency-Key', () => {
  const named = { ...KEY, 'idempotency-key': 'one' };

  it('is taken once, and answered alike', async () => {
    await start();
    const body = { model: 'veo-3.1', params: film };
    const replies = [await post(body, SUBMIT, named), await post(body, SUBMIT, named)];
    expect(replies.map((reply) => reply.json())).toEqual([replies[0]?.json(), replies[0]?.json()]);
    expect(submitted).toHaveLength(1);
    const other = await post({ model: 'veo-3.1', params: { ...film, seed: 1 } }, SUBMIT, named);
    expect([other.status, other.json()]).toMatchObject([409, { error: { code: 'idempotency_conflict' } }]);
  });

  it('finds its task even if whoever took it died before it could say so', async () => {
    const body = { model: 'veo-3.1', params: film };
    const names: (string | undefined)[] = [];
    for (const asked of [body, body, { ...body, out_task_id: 'mine' }, { ...body, params: { ...film, seed: 1 } }]) {
      // Each gateway is a new one that knows of no answer.
      await start();
      await post(asked, SUBMIT, named);
      names.push(submitted[0]?.outTaskId);
      await ingress.stop();
    }
    const [first, second, third, fourth] = names;
    expect(first).toMatch(/^idempotency-key [\w-]{43}\.[\w-]{43}$/);
    expect([second === first, third, fourth === first]).toEqual([true, 'mine', false]);
    await start();
  });
});
