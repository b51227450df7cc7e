import { createLocalBus } from '@bytespike/bus/testing';
import { generation, preview, routing, translation, type ClientFor, type Plan } from '@bytespike/contracts';
import { createLogger } from '@bytespike/telemetry';

import { translator } from '../service.js';
import { scriptVendor } from '../testing/scripted-vendor.js';
import { findDestination } from './find-destination.js';
import { readArguments } from './read-arguments.js';

type Asking = Parameters<ClientFor<typeof preview>['translate']>[0];

const wire = { vendor: 'deepseek', protocol: 'openai-chat', upstreamModel: 'v4-pro-0925', model: 'deepseek-v4-pro' };
const target = { kind: 'target', ...wire, maxOutputTokens: 64_000 } as const as Asking['to'];
const body = JSON.stringify({
  ...{ model: 'deepseek-v4-pro', max_tokens: 50, top_k: 3, stop_sequences: ['END'] },
  messages: [{ role: 'user', content: 'Hi' }],
});
const asking: Asking = {
  ...{ clientProtocol: 'anthropic-messages', body, to: target, stream: true, headers: {}, policy: 'warn', allow: [] },
};

const drains: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(drains.splice(0).map((drain) => drain()));
});

const plan: Plan = {
  ...{ model: 'deepseek-v4-pro', maxOutputTokens: 64_000 },
  targets: [{ ...wire, protocol: 'openai-chat', channelId: 'c', lane: 'ir', priceVersion: 'p' }],
};

async function start() {
  const vendor = scriptVendor({ pieces: ['data: [DONE]\n\n'] });
  const bus = createLocalBus();
  await bus.serve(generation, vendor.handlers);
  const unasked = (): never => {
    throw new Error('a preview asks for a plan only');
  };
  const planned: unknown[] = [];
  await bus.serve(routing, {
    ...{ authenticate: unasked, planMedia: unasked, nameModel: unasked, listModels: unasked, readModel: unasked },
    plan: (input) => {
      planned.push(input);
      return Promise.resolve(plan);
    },
  });
  const logger = createLogger({ service: 'translator', level: 'silent' });
  const environment = {
    KEY_PEPPER: 'a pepper of sixteen letters',
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
    REDIS_URL: 'redis://127.0.0.1:1',
  };
  const { drain } = await translator.start({ environment, bus, logger });
  drains.push(() => drain(1_000));
  const context = { requestId: 'r1', deadline: Date.now() + 10_000, signal: new AbortController().signal };
  return {
    ...{ vendor, planned },
    show: (changed: Partial<Asking> = {}) => bus.client(preview).translate({ ...asking, ...changed }, context),
    send: async () => {
      await bus.client(translation).run(
        {
          input: {
            ...{ requestId: 'r1', operation: 'generate', stream: true, query: '', headers: {}, attemptsLeft: 3 },
            ...{ accountId: 'acc', keyId: 'key', maxOutputTokens: 64_000, policy: 'warn', allow: ['L61'] },
            ...{ clientProtocol: 'anthropic-messages', target: plan.targets[0]! },
          },
          body: new TextEncoder().encode(body),
        },
        { head: () => undefined, data: () => undefined },
        context,
      );
    },
  };
}

describe('a preview', () => {
  it('shows byte for byte what a vendor would be sent', async () => {
    const { vendor, show, send } = await start();
    const shown = await show();
    await send();
    expect(shown.body).toBe(new TextDecoder().decode(vendor.calls[0]?.body));
  });

  it('calls nobody', async () => {
    const { vendor, show } = await start();
    await show();
    expect(vendor.calls).toEqual([]);
  });

  it("says in words what is lost, and where in the caller's own body", async () => {
    const { show } = await start();
    expect((await show()).losses).toContainEqual({
      ...{ code: 'L60', path: 'top_k', effect: 'dropped', what: 'a sampling setting was dropped' },
    });
  });

  it('names what would refuse it and the switch that would permit it', async () => {
    const { show } = await start();
    const strict = await show({ policy: 'strict' });
    expect(strict.refused).toMatchObject({ code: 'L60', path: 'top_k', permit: 'x-gateway-allow: L60' });
    expect((await show({ policy: 'strict', allow: ['L60'] })).refused).toBeUndefined();
  });

  it("leaves a body alone that its vendor reads as it is, but for the model's name", async () => {
    const { show } = await start();
    const to = { ...target, vendor: 'anthropic', protocol: 'anthropic-messages' } as Asking['to'];
    expect(await show({ to })).toMatchObject({
      target: { lane: 'raw' },
      body: body.replace('"deepseek-v4-pro"', '"v4-pro-0925"'),
      losses: [],
    });
  });

  it('says that a look-alike is not sent what it would silently ignore', async () => {
    const { show } = await start();
    const to = { ...target, protocol: 'anthropic-messages' } as Asking['to'];
    const shown = await show({ to });
    expect(shown.target.lane).toBe('ir');
    expect(shown.losses).toMatchObject([{ code: 'L60', path: 'top_k' }]);
  });

  it('sends a model where a request of its group would go', async () => {
    const { planned, show } = await start();
    const shown = await show({ to: { kind: 'model', groupId: '1', model: 'deepseek-v4-pro' } });
    expect(shown.target).toEqual({ ...wire, lane: 'ir' });
    expect(planned).toMatchObject([{ groupId: '1', protocol: 'anthropic-messages', operation: 'generate' }]);
  });

  it('tells a mistake in the body as a request would', async () => {
    const { show } = await start();
    await expect(show({ body: '{"messages":1}' })).rejects.toMatchObject({ kind: 'invalid-request' });
  });
});

describe('the command line', () => {
  it.each([
    { words: [], message: /--from is one of/ },
    { words: ['--from', 'telnet'], message: /--from is one of/ },
    { words: ['--from', 'openai-chat'], message: /--model is required/ },
    { words: ['--from', 'openai-chat', '--model', 'x', '--header', 'bare'], message: /name: value/ },
    { words: ['--nonsense'], message: /Unknown option/ },
  ])('explains $words', ({ words, message }) => {
    expect(() => readArguments(words)).toThrow(message);
  });

  it('reads everything there is to say', () => {
    const words =
      '--from openai-chat --model m --to anthropic-messages --strict --allow L60,L61 --header A:b --stream f.json';
    expect(readArguments(words.split(' '))).toEqual({
      ...{ from: 'openai-chat', stream: true, policy: 'strict', allow: ['L60', 'L61'], headers: { a: 'b' } },
      ...{ file: 'f.json', wanted: { model: 'm', to: 'anthropic-messages' } },
    });
  });
});

describe('where the catalogue sends a model', () => {
  it.each([
    { from: 'openai-chat', model: 'gpt-5.5', protocol: 'openai-chat', lane: 'raw' },
    { from: 'openai-chat', model: 'claude-opus-4-8', protocol: 'anthropic-messages', lane: 'ir' },
    { from: 'gemini-generate', model: 'gpt-5-5', to: 'openai-responses', protocol: 'openai-responses', lane: 'ir' },
  ] as const)('$model for $from', ({ from, protocol, lane, ...wanted }) => {
    expect(findDestination(from, wanted)).toMatchObject({ protocol, lane });
  });

  it.each([
    { wanted: { model: 'nothing-1' }, message: /has no model/ },
    { wanted: { model: 'deepseek-chat' }, message: /successor/ },
    { wanted: { model: 'x', vendor: 'nobody' }, message: /--vendor is one of/ },
    { wanted: { model: 'x', vendor: 'zhipu' }, message: /needs --to/ },
    { wanted: { model: 'gpt-5-5', to: 'smtp' }, message: /--to is one of/ },
  ])('or why not: $wanted', ({ wanted, message }) => {
    expect(() => findDestination('openai-chat', wanted)).toThrow(message);
  });

  it('takes a wire that it does not list at its word', () => {
    const wanted = { model: 'house', vendor: 'zhipu', to: 'openai-chat', upstream: 'glm-9' };
    expect(findDestination('openai-chat', wanted)).toMatchObject({ vendor: 'zhipu', upstreamModel: 'glm-9' });
  });
});
