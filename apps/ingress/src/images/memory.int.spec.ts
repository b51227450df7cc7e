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
const GROWTH_MAX = 64 * MIB;
/** What stands around the picture in its answer. */
const OVERHEAD_BYTES = '{"created":1234567890,"data":[{"b64_json":""}]}'.length;
const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** Hundreds of megabytes take their time on a machine that others share. */
const PATIENCE_MS = 180_000;

const PIECE = Buffer.alloc(64 * 1024, 7);
function* picture(bytes: number): Generator<Uint8Array> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

/** How large the next picture will be. */
let pictureBytes = 0;

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
        const put = {
          name,
          contentType: 'image/png',
          body: Readable.from(picture(pictureBytes)),
          bytesMax: pictureBytes,
        };
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

/** How much the gateway grows at most while a form is sent and its picture read. */
async function growthOf(formBytes: number): Promise<{ answered: unknown; growth: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const [answered] = await sendForms(formBytes);
  clearInterval(sampler);
  return { answered, growth: most - before };
}

const base64 = (bytes: number): number => Math.ceil(bytes / 3) * 4;

it.each([
  { name: 'a form of 200 MiB', form: LIMITS.imageFormBytesMax, picture: MIB },
  { name: 'a picture of 100 MiB', form: MIB, picture: 100 * MIB },
])(
  '$name grows the gateway by less than 64 MiB',
  async ({ form, picture: drawn }) => {
    pictureBytes = drawn;
    // A smaller one first: it loads the code, and fills the few dozen megabytes that V8 lets lie before it collects.
    await sendForms(32 * MIB);
    const { answered, growth } = await growthOf(form);
    expect(answered).toEqual({ status: 200, received: base64(drawn) + OVERHEAD_BYTES });
    expect(growth).toBeLessThan(GROWTH_MAX);
  },
  PATIENCE_MS,
);
