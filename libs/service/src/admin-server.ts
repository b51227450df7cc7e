import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Logger } from '@bytespike/telemetry';

export interface AdminServer {
  readonly address: string;
  close(): Promise<void>;
}

/** What the door tells of its process. */
export interface AdminSources {
  readonly isReady: () => boolean;
  readonly registry: { readonly contentType: string; metrics(): Promise<string> };
  readonly logger: Pick<Logger, 'error'>;
}

/** Operators' door: metrics, liveness, readiness. It is not public and carries no tenant's data. */
export async function startAdminServer(host: string, port: number, sources: AdminSources): Promise<AdminServer> {
  const server = createServer(answering(sources));
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
  (sources: AdminSources): RequestListener =>
  (request, response) => {
    // Gauges are read when they are asked for, so one that throws must end in an answer and not in the process.
    answer(request.url?.split('?')[0], response, sources).catch((error: unknown) => {
      sources.logger.error({ err: error }, 'the admin door could not answer');
      response.writeHead(500).end('failed\n');
    });
  };

async function answer(
  path: string | undefined,
  response: ServerResponse,
  { isReady, registry }: AdminSources,
): Promise<void> {
  if (path === '/metrics') {
    const metrics = await registry.metrics();
    response.setHeader('content-type', registry.contentType);
    response.end(metrics);
  } else if (path === '/healthz') response.end('ok\n');
  else if (path === '/readyz') {
    const ready = isReady();
    response.writeHead(ready ? 200 : 503).end(ready ? 'ready\n' : 'not ready\n');
  } else response.writeHead(404).end('not found\n');
}
