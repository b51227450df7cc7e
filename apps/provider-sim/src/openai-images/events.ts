import { openaiErrorBody } from '../openai/render-failure.js';
import type { Failure, Frame } from '../wire/wire.js';

/** One event of a stream of pictures. */
export const imageEvent = (
  part: Frame['part'],
  body: { readonly type: string } & Readonly<Record<string, unknown>>,
  afterMs: number,
): Frame => ({
  part,
  text: `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`,
  ...(afterMs > 0 && { afterMs }),
});

export const isImageStream = (sent: readonly Frame[]): boolean => sent[0]?.text.startsWith('event: image_') ?? false;

/** A stream of pictures that fails says so in an event of its own. */
export const imageStreamFailure = (failure: Failure): readonly Frame[] => [
  imageEvent('content', { type: 'error', error: openaiErrorBody(failure) }, 0),
];
