import fc from 'fast-check';

import { base64Of } from './base64-of.js';

async function* pieces(all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}

it('is the base64 of all bytes together, however they come', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 10 })), async (all) => {
      const told: Uint8Array[] = [];
      for await (const piece of base64Of(pieces(all))) told.push(piece);
      expect(Buffer.concat(told).toString()).toBe(Buffer.concat(all).toString('base64'));
    }),
  );
});
