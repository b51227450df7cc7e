import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly bytes: Buffer;
}

/** What a vendor does with one call. */
export type Script = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

/** A server that follows one script per call, in order, and repeats the last. */
export interface ScriptedVendor {
  readonly address: string;
  readonly seen: readonly SeenRequest[];
  /** Resolves when the connection of the newest call has closed. */
  closed(): Promise<void>;
  follow(...scripts: readonly Script[]): void;
  stop(): Promise<void>;
}

export async function startScriptedVendor(): Promise<ScriptedVendor> {
  const seen: SeenRequest[] = [];
  let scripts: Script[] = [];
  let closed: Promise<void> = Promise.resolve();
  const server = createServer((incoming, response) => {
    closed = new Promise((resolve) => incoming.socket.once('close', () => resolve()));
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: bytes.toString(), bytes };
      seen.push(request);
      const script = scripts.length > 1 ? scripts.shift() : scripts[0];
      void script?.(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    closed: () => closed,
    follow: (...next) => {
      scripts = [...next];
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}): Script =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };

/** Writes the pieces one by one, each in a packet of its own where the system allows, then does as `then` says. */
export const streaming =
  (pieces: readonly (string | Uint8Array)[], then: 'end' | 'cut' | 'hang' = 'end'): Script =>
  async (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_vendor' });
    for (const piece of pieces) {
      await new Promise<void>((resolve) => response.write(piece, () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (then === 'end') response.end();
    if (then === 'cut') response.destroy();
  };
