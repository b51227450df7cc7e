import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the body ended as HTTP says it must; false when the connection was cut. */
  readonly whole: boolean;
  json(): Record<string, unknown>;
}

export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal;
}

/** Opens a request and answers when the head of its response is there. */
export async function open(address: string, asked: Asked): Promise<IncomingMessage> {
  const { method = asked.body === undefined ? 'GET' : 'POST', path, headers = {}, body, signal } = asked;
  // A path is sent as written: clients' odd addresses are what is tested.
  const request = httpRequest(address, { method, path, headers, agent: false, ...(signal && { signal }) });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Sends one request and reads its answer to the end, or to where it was cut. */
export async function send(address: string, asked: Asked): Promise<Reply> {
  return read(await open(address, asked));
}

export async function read(response: IncomingMessage): Promise<Reply> {
  const pieces: Buffer[] = [];
  response.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise((resolve) => response.once('close', resolve).on('error', resolve));
  const body = Buffer.concat(pieces);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body,
    whole: response.complete,
    json: () => JSON.parse(body.toString()) as Record<string, unknown>,
  };
}

/** A bare socket, for what no HTTP client would send or read. */
export async function openSocket(address: string): Promise<Socket> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Everything the other side sends until it closes. */
export async function readSocket(socket: Socket): Promise<string> {
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece)).resume();
  await new Promise((resolve) => socket.once('close', resolve).on('error', resolve));
  return Buffer.concat(pieces).toString();
}
