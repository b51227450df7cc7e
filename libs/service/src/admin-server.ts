import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { registry } from '@bytespike/telemetry';

export interface AdminServer {
  readonly address: string;
  close(): Promise<void>;
}

/** Operators' door: metrics, liveness, readiness. It is not public and carries no tenant's data. */
export async function startAdminServer(host: string, port: number, isReady: () => boolean): Promise<AdminServer> {
  const server = createServer(answering(isReady));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: bound } = server.address() as AddressInfo;
  return {
    address: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const answering =
  (isReady: () => boolean): RequestListener =>
  async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/metrics') {
      response.setHeader('content-type', registry.contentType);
      response.end(await registry.metrics());
    } else if (path === '/healthz') response.end('ok\n');
    else if (path === '/readyz') response.writeHead(isReady() ? 200 : 503).end(isReady() ? 'ready\n' : 'not ready\n');
    else response.writeHead(404).end('not found\n');
  };
