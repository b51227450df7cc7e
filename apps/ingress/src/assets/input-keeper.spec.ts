import { MemoryAssetStore } from '@bytespike/assets/testing';
import type { NewAsset, StoredAsset } from '@bytespike/assets';
import { LOCAL_ADDRESS_RULES, PUBLIC_ADDRESS_RULES } from '@bytespike/safe-fetch';

import { PNG } from '../testing/run-images.js';
import { step } from '../testing/steps.js';
import { createInputKeeper } from './input-keeper.js';

const inline = (bytes: Uint8Array) =>
  ({ type: 'inline', mediaType: 'image/png', base64: Buffer.from(bytes).toString('base64') }) as const;
const address = (url: string) => ({ type: 'address', url }) as const;
const refusal = { kind: 'invalid-request', details: { param: 'image' } };

/** A store that keeps nothing before it is let. */
class SlowStore extends MemoryAssetStore {
  readonly mayKeep = step();

  override async put(asset: NewAsset): Promise<StoredAsset> {
    await this.mayKeep.done;
    return super.put(asset);
  }
}

describe('inputs', () => {
  it('that are on their way when the request is given up are forgotten too', async () => {
    const assets = new SlowStore(() => new Date());
    const keeper = createInputKeeper({ assets, foreignAddresses: PUBLIC_ADDRESS_RULES });
    const kept = keeper.keep(inline(PNG), 'image');
    const discarded = keeper.discard();
    assets.mayKeep.take();
    await Promise.all([kept, discarded]);
    const { names } = await assets.list({ before: new Date(Date.now() + 60_000), limit: 10 });
    expect(names).toEqual([]);
  });

  it('of a type that some vendors do not take are refused, by whichever way they come', async () => {
    const keeper = createInputKeeper({
      assets: new MemoryAssetStore(() => new Date()),
      foreignAddresses: PUBLIC_ADDRESS_RULES,
    });
    await expect(keeper.keep(inline(Buffer.from('GIF89a and more')), 'image')).rejects.toMatchObject({
      kind: 'invalid-request',
      details: { param: 'image', allowed: ['image/png', 'image/jpeg', 'image/webp'] },
    });
  });

  it('at an address go on as it is spelled out, while that is no longer than what may be passed on', async () => {
    const keeper = createInputKeeper({
      assets: new MemoryAssetStore(() => new Date()),
      foreignAddresses: LOCAL_ADDRESS_RULES,
    });
    await expect(keeper.keep(address('https://a.example/ü.png'), 'image')).resolves.toEqual(
      address('https://a.example/%C3%BC.png'),
    );
    await expect(keeper.keep(address(`https://a.example/${'ü'.repeat(1_000)}`), 'image')).rejects.toMatchObject(
      refusal,
    );
  });
});
