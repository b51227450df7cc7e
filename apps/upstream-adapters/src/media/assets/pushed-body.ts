import { Readable } from 'node:stream';

import { GatewayError } from '@bytespike/kernel';

/** A body that is pushed by one side and read by the other, at the pace of the reader. */
export interface PushedBody {
  readonly body: Readable;
  /** The promise of a piece that is one too many resolves when there is room. Throws when nobody reads any more. */
  push(chunk: Uint8Array): void | Promise<void>;
  end(): void;
  fail(failure: GatewayError): void;
}

/** What is read ahead while a store writes. */
const AHEAD_BYTES = 256 * 1024;

export function createPushedBody(): PushedBody {
  let goOn: (() => void) | undefined;
  const resume = (): void => {
    goOn?.();
    goOn = undefined;
  };
  const body = new Readable({
    highWaterMark: AHEAD_BYTES,
    read: resume,
    destroy(error, done) {
      resume();
      done(error);
    },
  });
  // Whoever reads hears of a failure by reading; where nobody has begun to, there is nobody to tell.
  body.on('error', () => undefined);
  return {
    body,
    push(chunk) {
      if (body.destroyed) throw new GatewayError('cancelled', 'nobody reads the body any more');
      if (body.push(chunk)) return undefined;
      return new Promise((resolve) => {
        goOn = resolve;
      });
    },
    end: () => void body.push(null),
    fail: (failure) => void body.destroy(failure),
  };
}
