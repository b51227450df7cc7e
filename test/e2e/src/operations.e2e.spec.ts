import { callGateway, mode, platform, simulator } from './platform.js';

const SERVICES: Readonly<Record<string, readonly string[]>> = {
  'all-in-one': ['all-in-one'],
  split: ['billing-ledger', 'console-api', 'ingress', 'router', 'task-worker', 'translator', 'upstream-adapters'],
};

describe("operators' doors", () => {
  it.each([
    ...(SERVICES[mode] ?? []).map((name) => [name, platform.services[`${name}-admin`], 'gw_requests_total']),
    ['provider-sim', simulator, 'sim_requests_total'],
  ])('of %s say that it lives, that it is ready, and what it counts', async (_name, address, counter) => {
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toContain('process_cpu_seconds_total');
    expect(metrics).toContain(`# TYPE ${counter} counter`);
  });

  it('are those of every service, and of nobody else', () => {
    const doors = Object.keys(platform.services).filter((name) => name.endsWith('-admin'));
    expect(doors.sort()).toEqual(SERVICES[mode]?.map((name) => `${name}-admin`));
  });

  it('are not on the public port', async () => {
    expect((await callGateway('/metrics')).status).toBe(404);
  });
});
