/** Bytes kept up to a limit. */
export interface ByteCollector {
  /** False when the limit is reached; what fits is kept. */
  add(chunk: Uint8Array): boolean;
  bytes(): Uint8Array;
}

export function createByteCollector(bytesMax: number): ByteCollector {
  const chunks: Uint8Array[] = [];
  let total = 0;
  return {
    add(chunk) {
      const kept = chunk.subarray(0, bytesMax - total);
      total += kept.length;
      chunks.push(kept);
      return kept.length === chunk.length;
    },
    bytes: () => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, total)),
  };
}
