import { nameAsset, sniffContentType, type AssetContentType, type AssetStore } from '@bytespike/assets';
import type { KeptSource } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { invalidParam, type MediaSource } from '@bytespike/media';
import { judgeForeignUrl, type AddressRules } from '@bytespike/safe-fetch';
import { ulid } from 'ulid';

export interface InputPorts {
  readonly assets: Pick<AssetStore, 'put' | 'delete'>;
  readonly foreignAddresses: AddressRules;
}

/** What a request brings along, on its way to whoever calls the vendor (claim-check): the bus carries names, never bytes. */
export interface InputKeeper {
  /** An input as the bus may carry it; `param` is its place in the client's words. Errors: `invalid-request`. */
  keep(source: MediaSource, param: string): Promise<KeptSource>;
  /** Forgets what was kept, for a request that came to nothing. What cannot be removed now, retention removes later. */
  discard(): Promise<void>;
}

const PICTURES: readonly AssetContentType[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Keeps the inputs of one request. */
export function createInputKeeper({ assets, foreignAddresses }: InputPorts): InputKeeper {
  const names: string[] = [];
  return {
    keep: async (source, param) => {
      if (source.type === 'asset') return { ...source };
      if (source.type === 'address') return { type: 'address', url: judgeAddress(source.url, foreignAddresses, param) };
      const bytes = Buffer.from(source.base64, 'base64');
      const contentType = sniffContentType(bytes);
      if (contentType === undefined || !PICTURES.includes(contentType))
        throw invalidParam(param, 'the data is not a picture', PICTURES);
      const name = nameAsset({ kind: 'upload', id: ulid(), at: new Date(), contentType });
      names.push(name);
      await assets.put({ name, contentType, body: once(bytes), bytesMax: bytes.length });
      return { type: 'asset', id: name, mediaType: contentType };
    },
    discard: async () => void (await Promise.allSettled(names.map((name) => assets.delete(name)))),
  };
}

/**
 * An address of a caller's that may be called, as far as can be told here; where a name leads is judged whenever it is
 * called. Whatever is wrong with it is refused in the same words then and now, which tell nothing of what is inside.
 */
export function judgeAddress(text: string, rules: AddressRules, param: string): string {
  try {
    return judgeForeignUrl(text, rules).href;
  } catch (thrown) {
    const { kind, message } = GatewayError.from(thrown);
    throw kind === 'invalid-request' ? new GatewayError(kind, message, { details: { param } }) : thrown;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
