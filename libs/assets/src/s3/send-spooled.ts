import { open, readFile, type FileHandle } from 'node:fs/promises';

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import { assert } from '@bytespike/kernel';

import type { SpooledBody } from './spool-body.js';

/** What is not larger goes at once. Of one asset so much is in memory for each part on its way, in a buffer used again. */
const PART_BYTES = 5 * 1024 * 1024;
const PARTS_IN_FLIGHT = 2;

export interface NewObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly ContentType: string;
  readonly Metadata: Record<string, string>;
}

/** Sends a body from its file to a bucket, where it appears as a whole or not at all. */
export async function sendSpooled(client: S3Client, object: NewObject, { path, bytes }: SpooledBody): Promise<void> {
  if (bytes <= PART_BYTES) {
    await client.send(new PutObjectCommand({ ...object, Body: await readFile(path) }));
    return;
  }
  const file = await open(path, 'r');
  try {
    await sendInParts(client, object, { file, bytes });
  } finally {
    await file.close();
  }
}

interface OpenFile {
  readonly file: FileHandle;
  readonly bytes: number;
}

async function sendInParts(client: S3Client, object: NewObject, source: OpenFile): Promise<void> {
  const { Bucket, Key } = object;
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(object));
  const upload = { Bucket, Key, UploadId };
  try {
    const Parts = await sendParts(client, upload, source);
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  } catch (thrown) {
    // Its parts would be paid for, and no listing shows them. If this fails too, the first failure is the one to tell,
    // and a rule of the bucket clears them.
    await client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw thrown;
  }
}

type OpenUpload = Omit<NewObject, 'ContentType' | 'Metadata'> & { readonly UploadId: string | undefined };

/** Several senders, each with a buffer of its own, take the next part until there is none, or until one of them fails. */
async function sendParts(client: S3Client, upload: OpenUpload, { file, bytes }: OpenFile): Promise<CompletedPart[]> {
  const count = Math.ceil(bytes / PART_BYTES);
  const sent: CompletedPart[] = [];
  const failure = new AbortController();
  let taken = 0;

  const send = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(PART_BYTES);
    while (taken < count && !failure.signal.aborted) {
      const at = taken * PART_BYTES;
      const PartNumber = (taken += 1);
      const length = Math.min(PART_BYTES, bytes - at);
      const { bytesRead } = await file.read(buffer, 0, length, at);
      assert(bytesRead === length, 'nobody else writes to a spooled body');
      const part = new UploadPartCommand({ ...upload, PartNumber, Body: buffer.subarray(0, length) });
      const { ETag } = await client.send(part, { abortSignal: failure.signal });
      sent.push({ PartNumber, ETag });
    }
  };
  const senders = Array.from({ length: PARTS_IN_FLIGHT }, () =>
    send().catch((thrown: unknown) => {
      failure.abort(thrown);
      throw thrown;
    }),
  );
  // All of them have ended before anything else is asked of the bucket.
  await Promise.allSettled(senders);
  failure.signal.throwIfAborted();
  return sent.sort((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0));
}
