import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { LocalAssetStore } from '@bytespike/assets';
import { LIMITS } from '@bytespike/kernel';

import { drew, picturePlan } from '../testing/fake-media.js';
import { runIngress, type IngressUnderTest } from '../testing/run-ingress.js';
import { API_KEY } from '../testing/samples.js';

const MIB = 1024 * 1024;
const PICTURE_BYTES = 100 * MIB;
const GROWTH_MAX = 64 * MIB;
const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Hundreds of megabytes take their time on a machine that others share. */
const PATIENCE_MS = 180_000;

const PIECE = Buffer.alloc(64 * 1024, 7);
function* picture(): Generator<Uint8Array> {
  for (let left = PICTURE_BYTES; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

let folder: string;
let ingress: IngressUnderTest;

beforeAll(async () => {
  const program = ['tools/build.mjs', 'send-large-form', 'apps/ingress/src/testing/send-large-form.ts'];
  execFileSync(process.execPath, program, { cwd: root });
  folder = await mkdtemp(join(tmpdir(), 'bytespike-images-'));
  const store = await LocalAssetStore.create({ folder, now: () => new Date() });
  ingress = await runIngress(
    {
      routing: { planMedia: async () => picturePlan },
      draw: async (request, sink) => {
        await sink.head({ unsent: [] });
        const name = `img/2026-11-20/${request.input.workId}.png`;
        const put = { name, contentType: 'image/png', body: Readable.from(picture()), bytesMax: PICTURE_BYTES };
        const { bytes, sha256 } = await store.put(put);
        return drew([{ name, contentType: 'image/png', bytes, sha256 }]);
      },
    },
    { assets: store },
  );
}, PATIENCE_MS);

afterAll(async () => {
  await ingress.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Sends forms from a process of its own, so that what grows here is the gateway. */
async function sendForms(...sizes: number[]): Promise<{ status: number; received: number }[]> {
  const program = join(root, 'dist/send-large-form/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    ingress.address,
    API_KEY,
    ...sizes.map(String),
  ]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { status: number; received: number });
}

it(
  'a form of 200 MiB and a picture of 100 MiB grow the gateway by less than 64 MiB',
  async () => {
    // A smaller one first: it loads the code, and fills the few dozen megabytes that V8 lets lie before it collects.
    await sendForms(64 * MIB);
    const before = process.memoryUsage.rss();
    let most = before;
    const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    const [answered] = await sendForms(LIMITS.imageFormBytesMax);
    clearInterval(sampler);
    const base64 = Math.ceil(PICTURE_BYTES / 3) * 4;
    expect(answered).toEqual({ status: 200, received: expect.any(Number) });
    expect(answered?.received).toBeGreaterThan(base64);
    expect(most - before).toBeLessThan(GROWTH_MAX);
  },
  PATIENCE_MS,
);
