import { startSimulator } from '../testing/start-simulator.js';
import { createSimulator } from './simulator.js';

describe("the operators' door of the simulator", () => {
  let simulator: Awaited<ReturnType<typeof startSimulator>>;
  beforeAll(async () => {
    simulator = await startSimulator([]);
  });
  afterAll(() => simulator.close());
  const ask = (path: string) => fetch(`${simulator.address}${path}`);

  it('says that it lives and is ready', async () => {
    expect([await (await ask('/healthz')).text(), await (await ask('/readyz?from=probe')).text()]).toEqual([
      'ok\n',
      'ready\n',
    ]);
  });

  it('counts calls of vendors, and not those that ask for the count', async () => {
    const counted = async () => /^sim_requests_total (\d+)$/m.exec(await (await ask('/metrics')).text())?.[1];
    expect(await counted()).toBe('0');
    await ask('/nobody/lives/here');
    expect(await counted()).toBe('1');
    const response = await ask('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await response.text()).toMatch(
      /# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total [\d.]+\n/,
    );
  });
});

it('is not ready while it leaves', async () => {
  const server = createSimulator({ wires: [], record: 'none', now: Date.now });
  const said: unknown[] = [];
  const response = { writeHead: (status: number) => ({ end: (text: string) => said.push(status, text) }) };
  // It has never listened, as one that has stopped to.
  server.emit('request', { url: '/readyz' }, response);
  expect(said).toEqual([503, 'not ready\n']);
});
