import type { RunningSimulator } from './start-simulator.js';
import { startSimulator } from './start-simulator.js';
import { WIRES } from './vendors.js';

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator({ PROVIDER_SIM_PORT: '0' });
});
afterAll(() => simulator.drain(0));

const carrying = (key: string): Record<string, string> => ({
  'x-api-key': key,
  authorization: `Bearer ${key}`,
  'x-goog-api-key': key,
});

describe.each(WIRES.map(({ prefix, vendor, routes }) => ({ prefix, vendor, routes })))(
  '$prefix',
  ({ prefix, vendor, routes }) => {
    const generate = routes.find(({ method }) => method === 'POST')?.path.replace(/\{\w+\}/g, 'sim') ?? '';
    const post = (path: string, headers: Record<string, string>) =>
      fetch(`${simulator.address}${prefix}${path}`, { method: 'POST', headers, body: '{}' });

    it('knows its own keys from others', async () => {
      const own = await post(generate, carrying(`sim-${vendor}-key`));
      const foreign = await post(generate, carrying('sk-real'));
      // An empty body is refused either way; only the one with the foreign key is refused for its key.
      expect([own.status === 401, foreign.status]).toEqual([false, vendor === 'google' ? 400 : 401]);
      expect(await own.text()).not.toBe(await foreign.text());
    });

    it.each<{ name: string; path: string; headers: Record<string, string> }>([
      { name: 'a path it does not have', path: '/nowhere', headers: {} },
      { name: 'an injected failure', path: generate, headers: { 'x-sim-fault': 'status=503' } },
      { name: 'bytes that are not JSON', path: generate, headers: { 'content-encoding': 'gzip' } },
    ])('has a JSON error of its own for $name', async ({ path, headers }) => {
      const response = await post(path, { ...carrying('sim-key'), ...headers });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.json()).toEqual(expect.anything());
      expect(response.headers.get('x-sim-error')).toBeNull();
    });
  },
);

describe('the simulator', () => {
  it('tells where no vendor lives', async () => {
    const response = await fetch(`${simulator.address}/nobody/v1/messages`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([404, 'no vendor lives at /nobody/v1/messages\n']);
  });

  it.each([
    ['/gemini-download/v0none', 'application/json; charset=UTF-8'],
    ['/ark-tos/seedance/none/film.mp4', 'application/xml'],
  ])('keeps files at %s, where nobody is asked for a key', async (path, type) => {
    const response = await fetch(`${simulator.address}${path}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([404, type]);
  });

  it('answers for its own health, and lists its controls to those who miss', async () => {
    const health = await fetch(`${simulator.address}/_sim/health`);
    const missed = await fetch(`${simulator.address}/_sim/nothing`);
    expect(await health.json()).toEqual({ status: 'ok' });
    expect([missed.status, await missed.text()]).toEqual([404, expect.stringContaining('POST /_sim/faults')]);
  });

  it('refuses a control it cannot carry out', async () => {
    const response = await fetch(`${simulator.address}/_sim/faults`, { method: 'POST', body: '{"fault":"explode"}' });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('no fault "explode"')]);
  });
});
