import type { AssetContentType } from './content-type.js';
import { SNIFFED_BYTES, sniffContentType } from './sniff-content-type.js';

/** A body whose beginning has been looked at. */
export interface SniffedBody {
  /** What the bytes are, whatever their sender calls them; absent when they are no picture and no film. */
  readonly contentType: AssetContentType | undefined;
  /** All of them, the beginning too. */
  readonly whole: AsyncIterable<Uint8Array>;
}

/** Looks at how a body begins. The body is then read through `whole`, or destroyed by whoever has opened it. */
export async function sniffBody(body: AsyncIterable<Uint8Array>): Promise<SniffedBody> {
  const rest = body[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < SNIFFED_BYTES) {
    const { done, value } = await rest.next();
    if (done === true) break;
    seen.push(value);
    bytes += value.length;
  }
  return { contentType: sniffContentType(Buffer.concat(seen)), whole: joined(seen, rest) };
}

async function* joined(seen: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* seen;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    // Whoever stops reading lets go of the source as well.
    await rest.return?.();
  }
}
