/** Bytes as base64 while they come, in whole groups of three; what is left of a piece goes with the next one. */
export async function* base64Of(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let left: Uint8Array = new Uint8Array(0);
  for await (const piece of body) {
    const bytes =
      left.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.length) : Buffer.concat([left, piece]);
    const whole = bytes.length - (bytes.length % 3);
    left = bytes.subarray(whole);
    if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1');
  }
  if (left.length > 0) yield Buffer.from(Buffer.from(left).toString('base64'), 'latin1');
}
