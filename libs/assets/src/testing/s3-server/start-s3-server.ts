import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { S3Account } from '../../s3/create-s3-client.js';
import { BucketFiles, type KeptObject } from './bucket-files.js';
import {
  abortUpload,
  completeUpload,
  createUpload,
  deleteObject,
  fault,
  getObject,
  listObjects,
  putObject,
  putPart,
  type S3Call,
} from './object-calls.js';
import { isSigned } from './verify-signature.js';

export interface S3Server {
  readonly account: S3Account;
  readonly bucket: string;
  readonly objects: ReadonlyMap<string, KeptObject>;
  readonly openUploads: () => number;
  /** Method and query of what was asked, in order. */
  readonly calls: readonly string[];
  /** Answers the next calls whose method and query match with this status, as many times. */
  readonly failNext: (pattern: RegExp, status: number, times: number) => void;
  readonly close: () => Promise<void>;
}

/**
 * An S3 server with one bucket, as far as an asset store asks it, that takes nothing unsigned and nothing altered on its
 * way. Bodies in signed pieces (`aws-chunked`) it does not know, as some look-alikes do not.
 */
export async function startS3Server(now: () => Date): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'bytespike-s3-'));
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: 'a secret of the test' };
  const files = new BucketFiles(folder);
  const bucket = 'assets';
  const calls: string[] = [];
  const failures: { pattern: RegExp; status: number; times: number }[] = [];

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://any');
    const call = `${request.method} ${query.toString()}`;
    calls.push(call);
    const failure = failures.find(({ pattern, times }) => times > 0 && pattern.test(call));
    if (failure) {
      failure.times -= 1;
      return fault(response, failure.status, 'SlowDown');
    }
    if (!isSigned(request, keys)) return fault(response, 403, 'SignatureDoesNotMatch');
    const [, asked, ...rest] = decodeURIComponent(pathname).split('/');
    if (asked !== bucket) return fault(response, 404, 'NoSuchBucket');
    if (request.headers['content-encoding'] === 'aws-chunked') return fault(response, 501, 'NotImplemented');
    await route({ request, response, key: rest.join('/'), query, bucket: files, now });
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    account: { endpoint, region: 'eu-test-1', ...keys },
    bucket,
    objects: files.objects,
    openUploads: () => files.uploads.size,
    calls,
    failNext: (pattern, status, times) => void failures.push({ pattern, status, times }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function route(call: S3Call): void | Promise<void> {
  const { request, response, key, query } = call;
  if (key === '') return query.get('list-type') === '2' ? listObjects(call) : fault(response, 501, 'NotImplemented');
  const verb = `${request.method}${query.has('uploads') ? ' uploads' : ''}${query.has('uploadId') ? ' upload' : ''}`;
  const handle = ROUTES[verb] ?? (() => fault(response, 501, 'NotImplemented'));
  return handle(call);
}

const ROUTES: Readonly<Record<string, (call: S3Call) => void | Promise<void>>> = {
  'POST uploads': createUpload,
  'PUT upload': putPart,
  'POST upload': completeUpload,
  'DELETE upload': abortUpload,
  PUT: putObject,
  GET: getObject,
  HEAD: getObject,
  DELETE: deleteObject,
};
