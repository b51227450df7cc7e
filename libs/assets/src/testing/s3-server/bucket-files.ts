import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface KeptBody {
  readonly path: string;
  readonly bytes: number;
  readonly md5: string;
}

export interface KeptObject extends KeptBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly at: Date;
}

export interface OpenUpload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, KeptBody>;
}

/** Objects and half-sent uploads of one bucket; their bytes are files, everything else is in memory. */
export class BucketFiles {
  readonly objects = new Map<string, KeptObject>();
  readonly uploads = new Map<string, OpenUpload>();

  constructor(private readonly folder: string) {}

  /** Keeps a body whose SHA-256 was announced. Absent when it is another body. */
  async keep(body: AsyncIterable<Uint8Array>, sha256: string): Promise<KeptBody | undefined> {
    const path = join(this.folder, randomUUID());
    const [md5, sha] = [createHash('md5'), createHash('sha256')];
    let bytes = 0;
    await pipeline(
      body,
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          md5.update(chunk);
          sha.update(chunk);
          bytes += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(path),
    );
    if (sha.digest('hex') === sha256) return { path, bytes, md5: md5.digest('hex') };
    await rm(path);
    return undefined;
  }

  async join(parts: readonly KeptBody[]): Promise<KeptBody> {
    const path = join(this.folder, randomUUID());
    const all = async function* (): AsyncGenerator<Uint8Array> {
      for (const part of parts) yield* createReadStream(part.path);
    };
    await pipeline(Readable.from(all()), createWriteStream(path));
    await this.drop(parts);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const md5 = createHash('md5')
      .update(Buffer.from(parts.map((part) => part.md5).join(''), 'hex'))
      .digest('hex');
    return { path, bytes, md5: `${md5}-${parts.length}` };
  }

  async drop(bodies: Iterable<KeptBody>): Promise<void> {
    for (const { path } of bodies) await rm(path, { force: true });
  }
}
