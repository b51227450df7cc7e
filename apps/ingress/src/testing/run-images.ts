import { MemoryAssetStore } from '@bytespike/assets/testing';
import type { UsageFact } from '@bytespike/contracts';

import { drawing, picturePlan } from './fake-media.js';
import type { Script } from './fake-platform.js';
import type { Asked } from './http-client.js';
import { runIngress, type IngressUnderTest, type Settings } from './run-ingress.js';
import { API_KEY } from './samples.js';
import { until } from './steps.js';

/** Begins as a PNG does, which is all that anybody here looks at. */
export const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from('a picture of some bytes')]);
export const OTHER_PNG = Buffer.concat([PNG, Buffer.from('and of some more')]);

export interface ImagesUnderTest extends IngressUnderTest {
  readonly store: MemoryAssetStore;
  /** The facts, as soon as there are so many. */
  settled(count?: number): Promise<readonly UsageFact[]>;
  /** What lies in the store. */
  stored(): Promise<readonly string[]>;
}

/** The gateway with a model of pictures behind it, which draws one PNG unless a test says otherwise. */
export async function runImages(
  script: Script = {},
  {
    store = new MemoryAssetStore(() => new Date()),
    ...settings
  }: Settings & { readonly store?: MemoryAssetStore } = {},
): Promise<ImagesUnderTest> {
  const routing = { planMedia: async () => picturePlan, ...script.routing };
  const ingress = await runIngress({ draw: drawing(store, [PNG]), ...script, routing }, { assets: store, ...settings });
  return {
    ...ingress,
    store,
    settled: async (count = 1) => {
      await until(() => ingress.heard.facts.length >= count);
      return ingress.heard.facts;
    },
    stored: async () => (await store.list({ before: new Date(Date.now() + 60_000), limit: 100 })).names,
  };
}

/** A request for pictures as the samples' key may make it. */
export const askingFor = (
  body: object,
  { route = 'generations', headers = {} }: { route?: 'generations' | 'edits'; headers?: Record<string, string> } = {},
): Asked => ({
  path: `/v1/images/${route}`,
  headers: { authorization: `Bearer ${API_KEY}`, ...headers },
  body: JSON.stringify({ model: 'gpt-image-2', prompt: 'a cat', ...body }),
});

/** A form as clients write it: files by their bytes, everything else as text. */
export async function formOf(
  fields: readonly (readonly [string, string | Uint8Array])[],
  headers: Record<string, string> = {},
): Promise<Asked> {
  const form = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, new Blob([new Uint8Array(value)], { type: 'image/png' }), `${name}.png`);
  }
  const response = new Response(form);
  const type = { 'content-type': response.headers.get('content-type') ?? '' };
  return {
    path: '/v1/images/edits',
    headers: { authorization: `Bearer ${API_KEY}`, ...type, ...headers },
    body: new Uint8Array(await response.arrayBuffer()),
  };
}
