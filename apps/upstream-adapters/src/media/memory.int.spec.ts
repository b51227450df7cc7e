import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { mp4, png } from './testing/files.js';

const MIB = 1024 * 1024;
const GROWTH_MAX = 64 * MIB;
const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Half a gigabyte takes its time on a machine that others share. */
const PATIENCE_MS = 180_000;

const data = png.toString('base64');
const pictures = {
  data: [{ b64_json: data }],
  candidates: [{ content: { parts: [{ inlineData: { mimeType: 'image/png', data } }] } }],
};

function* film(bytes: number): Generator<Uint8Array> {
  yield mp4;
  const piece = Buffer.alloc(64 * 1024, 7);
  for (let left = bytes - mp4.length; left > 0; left -= piece.length)
    yield piece.subarray(0, Math.min(left, piece.length));
}

/** A vendor of large films, which draws whatever it is sent. */
function vendor(request: IncomingMessage, response: ServerResponse): void {
  const mib = new URL(request.url ?? '', 'http://vendor').searchParams.get('mib');
  if (mib !== null) return void Readable.from(film(Number(mib) * MIB), { objectMode: false }).pipe(response);
  request.resume().once('end', () => response.end(JSON.stringify(pictures)));
}

describe('what is large', () => {
  const server = createServer(vendor);
  let folder: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const entry = 'apps/upstream-adapters/src/media/testing/measure-memory.ts';
    execFileSync(process.execPath, ['tools/build.mjs', 'media-memory', entry], { cwd: root });
  });
  afterAll(() => void server.close());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'media-memory-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    { name: 'a film of 500 MiB from its vendor', what: 'vendor', mib: 500 },
    { name: "a film of 500 MiB from an address of its vendor's", what: 'address', mib: 500 },
    { name: 'an edit of 200 MiB in a form', what: 'form', mib: 200 },
    { name: 'an edit of 200 MiB inside JSON', what: 'json', mib: 200 },
  ])(
    'grows a process by less than 64 MiB: $name',
    async ({ what, mib }) => {
      const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      // In a process of its own, where nothing but what is measured can have grown.
      const program = [join(root, 'dist/media-memory/main.js'), address, what, String(mib), folder];
      const { stdout } = await promisify(execFile)(process.execPath, program);
      const { bytes, growth } = JSON.parse(stdout) as { bytes: number; growth: number };
      expect(bytes).toBe(mib * MIB);
      expect(growth).toBeLessThan(GROWTH_MAX);
    },
    PATIENCE_MS,
  );
});
