import { nameAsset, sniffContentType, type AssetContentType, type AssetStore } from '@bytespike/assets';
import type { KeptSource } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { invalidParam, MEDIA_LIMITS, type MediaSource } from '@bytespike/media';
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

/** What every vendor takes. */
export const PICTURES: readonly AssetContentType[] = ['image/png', 'image/jpeg', 'image/webp'];

/** Keeps the inputs of one request. */
export function createInputKeeper({ assets, foreignAddresses }: InputPorts): InputKeeper {
  const puts = new Map<string, Promise<unknown>>();
  return {
    keep: async (source, param) => {
      if (source.type === 'asset') return { ...source };
      if (source.type === 'address') return { type: 'address', url: spelledOut(source.url, foreignAddresses, param) };
      const bytes = Buffer.from(source.base64, 'base64');
      const contentType = sniffContentType(bytes);
      if (contentType === undefined || !PICTURES.includes(contentType))
        throw invalidParam(param, 'the data is not a picture', PICTURES);
      const name = nameAsset({ kind: 'upload', id: ulid(), at: new Date(), contentType });
      const put = assets.put({ name, contentType, body: once(bytes), bytesMax: bytes.length });
      puts.set(name, put);
      await put;
      return { type: 'asset', id: name, mediaType: contentType };
    },
    discard: async () => {
      // One that is still on its way would come to lie there after it was forgotten.
      await Promise.allSettled(puts.values());
      await Promise.allSettled([...puts.keys()].map((name) => assets.delete(name)));
    },
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

/** An address as it is passed on, where what no URL may hold is spelled out; that can be longer than what was given. */
function spelledOut(text: string, rules: AddressRules, param: string): string {
  const url = judgeAddress(text, rules, param);
  if (url.length > MEDIA_LIMITS.addressCharactersMax)
    throw invalidParam(param, `spelled out, the address has more than ${MEDIA_LIMITS.addressCharactersMax} characters`);
  return url;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
