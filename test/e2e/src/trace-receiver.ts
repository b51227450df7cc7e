import { createServer } from 'node:http';

import { callGateway, eventually } from './platform.js';

export interface TraceReceiver {
  /** Each export as it came: OTLP's JSON. */
  readonly bodies: readonly string[];
  stop(): void;
}

/**
 * An OTLP/HTTP receiver at the port the platform exports to, which has had its first export. Nobody listened before: the
 * platform's queue of spans may be full, and drops what is made until there is room again.
 */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks).toString('utf8'));
    response.end('{}');
  });
  server.listen(Number(process.env['BYTESPIKE_OTLP_PORT']), '127.0.0.1');
  // Something to export, should nothing wait.
  await callGateway('/v1/models').then((response) => response.text());
  await eventually(() => Promise.resolve(bodies.length > 0 || undefined));
  return { bodies, stop: () => server.close() };
}
