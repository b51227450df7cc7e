import { callGateway, platform } from './platform.js';

const doors = Object.entries(platform.services).filter(([name]) => name.endsWith('-admin'));

describe("operators' doors", () => {
  it('stand open in every process', () => {
    expect(doors.length).toBeGreaterThan(0);
  });

  it.each(doors)('of %s say that it lives, that it is ready, and what it counts', async (_name, address) => {
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toContain('process_cpu_seconds_total');
    expect(metrics).toContain('# TYPE gw_requests_total counter');
  });

  it('are not on the public port', async () => {
    expect((await callGateway('/metrics')).status).toBe(404);
  });
});
