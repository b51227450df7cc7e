import { S3Client } from '@aws-sdk/client-s3';

/** Whose buckets these are, and where. */
export interface S3Account {
  /** Absent for AWS itself; the address of a look-alike otherwise. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const CONNECT_MS_MAX = 5_000;
/** Silence on a connection. A whole request has no limit of its own: a video takes as long as its reader. */
const SILENCE_MS_MAX = 60_000;
const CONNECTIONS_MAX = 64;
const ATTEMPTS_MAX = 3;

/** A client for S3 or a look-alike, which buckets in paths and checksums left out make no difference to. */
export const createS3Client = ({ endpoint, region, accessKeyId, secretAccessKey }: S3Account): S3Client =>
  new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    maxAttempts: ATTEMPTS_MAX,
    // The newer checksums are unknown to many look-alikes. Requests carry the SHA-256 of what they send, and whole
    // assets are checked against theirs when they are read.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      socketTimeout: SILENCE_MS_MAX,
      httpAgent: { maxSockets: CONNECTIONS_MAX, keepAlive: true },
      httpsAgent: { maxSockets: CONNECTIONS_MAX, keepAlive: true },
    },
  });
