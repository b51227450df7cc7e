import { startAdminServer, type AdminServer, type AdminSources } from './admin-server.js';

const errors: unknown[] = [];
const SOURCES: AdminSources = {
  isReady: () => true,
  registry: { contentType: 'text/plain; version=0.0.4', metrics: async () => 'gw_up 1\n' },
  logger: { error: (error: unknown) => errors.push(error) },
};

let admin: AdminServer;
const open = async (sources: Partial<AdminSources> = {}): Promise<void> => {
  admin = await startAdminServer('127.0.0.1', 0, { ...SOURCES, ...sources });
};
afterEach(() => admin.close());

const ask = async (path: string) => {
  const response = await fetch(`${admin.address}${path}`);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
};

describe('the admin door', () => {
  it('tells metrics, life and readiness', async () => {
    await open();
    expect(await ask('/metrics?x=1')).toEqual({ status: 200, type: 'text/plain; version=0.0.4', body: 'gw_up 1\n' });
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' });
    expect(await ask('/readyz')).toMatchObject({ status: 200 });
    expect(await ask('/else')).toMatchObject({ status: 404 });
  });

  it('is not ready when its services are not', async () => {
    await open({ isReady: () => false });
    expect(await ask('/readyz')).toMatchObject({ status: 503 });
  });

  it('answers 500 when a gauge cannot be read, says so in the log, and goes on', async () => {
    const broken = new Error('a gauge broke');
    await open({ registry: { ...SOURCES.registry, metrics: () => Promise.reject(broken) } });
    expect(await ask('/metrics')).toMatchObject({ status: 500, body: 'failed\n' });
    expect(errors).toEqual([{ err: broken }]);
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });
});
