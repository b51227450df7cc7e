import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

import type { BucketFiles, KeptObject } from './bucket-files.js';

export interface S3Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly bucket: BucketFiles;
  readonly now: () => Date;
}

/** S3's smallest part but for the last. */
const PART_BYTES_MIN = 5 * 1024 * 1024;

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

const xml = (response: ServerResponse, status: number, body: string): void =>
  void response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>\n${body}`);

export const fault = (response: ServerResponse, status: number, code: string): void =>
  xml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);

const described = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name === 'content-type' || name.startsWith('x-amz-meta-') ? [[name, String(value)]] : [],
    ),
  );

const announced = ({ headers }: IncomingMessage): string => String(headers['x-amz-content-sha256']);

export async function putObject({ request, response, key, bucket, now }: S3Call): Promise<void> {
  const kept = await bucket.keep(request, announced(request));
  if (!kept) return fault(response, 400, 'XAmzContentSHA256Mismatch');
  bucket.objects.set(key, { ...kept, headers: described(request), at: now() });
  response.writeHead(200, { etag: `"${kept.md5}"` }).end();
}

export function createUpload({ request, response, key, bucket }: S3Call): void {
  const id = randomUUID();
  bucket.uploads.set(id, { key, headers: described(request), parts: new Map() });
  const body = `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
  xml(response, 200, body);
}

export async function putPart({ request, response, query, bucket }: S3Call): Promise<void> {
  const upload = bucket.uploads.get(query.get('uploadId') ?? '');
  const kept = await bucket.keep(request, announced(request));
  if (!upload) return fault(response, 404, 'NoSuchUpload');
  if (!kept) return fault(response, 400, 'XAmzContentSHA256Mismatch');
  upload.parts.set(Number(query.get('partNumber')), kept);
  response.writeHead(200, { etag: `"${kept.md5}"` }).end();
}

export async function completeUpload({ request, response, key, query, bucket, now }: S3Call): Promise<void> {
  const id = query.get('uploadId') ?? '';
  const upload = bucket.uploads.get(id);
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  if (!upload) return fault(response, 404, 'NoSuchUpload');
  const asked = [
    ...Buffer.concat(chunks)
      .toString()
      .matchAll(/<PartNumber>(\d+)</g),
  ].map(([, part]) => Number(part));
  const parts = asked.flatMap((number) => upload.parts.get(number) ?? []);
  const isWhole = asked.length > 0 && parts.length === asked.length && asked.every((number, at) => number === at + 1);
  if (!isWhole) return fault(response, 400, 'InvalidPart');
  if (parts.slice(0, -1).some(({ bytes }) => bytes < PART_BYTES_MIN)) return fault(response, 400, 'EntityTooSmall');
  const joined = await bucket.join(parts);
  bucket.uploads.delete(id);
  bucket.objects.set(key, { ...joined, headers: upload.headers, at: now() });
  const result = `<ETag>"${joined.md5}"</ETag>`;
  xml(response, 200, `<CompleteMultipartUploadResult>${result}</CompleteMultipartUploadResult>`);
}

export async function abortUpload({ response, query, bucket }: S3Call): Promise<void> {
  const id = query.get('uploadId') ?? '';
  await bucket.drop(bucket.uploads.get(id)?.parts.values() ?? []);
  bucket.uploads.delete(id);
  response.writeHead(204).end();
}

export function getObject({ request, response, key, bucket }: S3Call): void {
  const object = bucket.objects.get(key);
  if (!object)
    return request.method === 'HEAD' ? void response.writeHead(404).end() : fault(response, 404, 'NoSuchKey');
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const first = Number(from ?? 0);
  const last = Math.min(Number(to ?? object.bytes), object.bytes - 1);
  if (from !== undefined && first >= object.bytes) return fault(response, 416, 'InvalidRange');
  const range = from !== undefined && { 'content-range': `bytes ${first}-${last}/${object.bytes}` };
  response.writeHead(range ? 206 : 200, {
    ...object.headers,
    ...range,
    etag: `"${object.md5}"`,
    'last-modified': httpDate(object),
    'content-length': last - first + 1,
  });
  if (request.method === 'HEAD' || last < first) return void response.end();
  pipeline(createReadStream(object.path, { start: first, end: last }), response, () => undefined);
}

/** HTTP counts whole seconds. */
const httpDate = ({ at }: KeptObject): string => at.toUTCString();

export async function deleteObject({ response, key, bucket }: S3Call): Promise<void> {
  const object = bucket.objects.get(key);
  if (object) await bucket.drop([object]);
  bucket.objects.delete(key);
  response.writeHead(204).end();
}

export function listObjects({ response, query, bucket }: S3Call): void {
  const limit = Number(query.get('max-keys') ?? 1_000);
  const after = query.get('start-after') ?? '';
  const keys = [...bucket.objects.keys()].filter((key) => key > after).sort();
  const contents = keys.slice(0, limit).map((key) => {
    const { at, bytes } = bucket.objects.get(key)!;
    return `<Contents><Key>${escape(key)}</Key><LastModified>${at.toISOString()}</LastModified><Size>${bytes}</Size></Contents>`;
  });
  const head = `<IsTruncated>${keys.length > limit}</IsTruncated><KeyCount>${contents.length}</KeyCount>`;
  xml(response, 200, `<ListBucketResult>${head}${contents.join('')}</ListBucketResult>`);
}
