import { createConnection, type Socket } from 'node:net';

import { gateway } from './platform.js';

export interface RawRequest {
  readonly path: string;
  readonly key: string;
  readonly body: string;
  /** How many bytes the head promises, when it shall promise more than are sent. */
  readonly promised?: number;
}

export interface RawClient {
  readonly socket: Socket;
  /** All that came so far, head and chunk framing included. */
  received(): string;
  readonly closed: Promise<void>;
}

/** A client that is a bare socket, for what no HTTP library would do. */
export async function openRaw({ path, key, body, promised = Buffer.byteLength(body) }: RawRequest): Promise<RawClient> {
  const { hostname, port } = new URL(gateway);
  const socket = createConnection({ host: hostname, port: Number(port) });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  // A cut may come as a reset; either way the connection is over.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const head = [
    `POST ${path} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${promised}`,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return { socket, closed, received: () => Buffer.concat(pieces).toString('utf8') };
}

/** The body of an answer that came in chunks. */
export function dechunk(raw: string): string {
  const bytes = Buffer.from(raw.slice(raw.indexOf('\r\n\r\n') + 4), 'utf8');
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.subarray(at, lineEnd).toString(), 16);
    if (length === 0) return Buffer.concat(pieces).toString('utf8');
    pieces.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  throw new Error('the last chunk is missing');
}
