import type { DrawnPicture } from '../domain/picture-outcome.js';
import type { TargetAnswer } from '../http/target-answer.js';
import type { PictureAnswer } from './picture-answer.js';
import { behind, picturePieces, type Carrier, type CarrierPorts } from './picture-pieces.js';

/** `{created, data: [...]}` (contract 10): all pictures in one answer, told when they are there. */
export function openPictureList(answer: TargetAnswer, carrier: Carrier, ports: CarrierPorts): PictureAnswer {
  let delivered = 0;
  return {
    begin: (head) => void answer.head(head),
    // Of a picture on its way the caller did not ask to be told.
    news: async () => undefined,
    contentSent: () => answer.contentSent(),
    deliver: async (pictures) => {
      // What stands before a picture goes out with it: one that is not to be had can still be answered with a status.
      let before = `{"created":${Math.floor(Date.now() / 1_000)},"data":[{`;
      let rest = '';
      for (const picture of pictures) {
        for await (const piece of picturePieces(picture, carrier, ports)) {
          await answer.data(behind(before, piece));
          before = '';
        }
        ports.signal.throwIfAborted();
        delivered += 1;
        rest = revisedPromptOf(picture);
        before = `${rest}},{`;
      }
      await answer.data(Buffer.from(`${rest}}]}`));
    },
    delivered: () => delivered,
    complete: async () => answer.complete(),
    fail: (error) => answer.fail(error, undefined),
  };
}

/** What stands behind a picture that was drawn from other words than it was asked for with. */
const revisedPromptOf = ({ revisedPrompt }: DrawnPicture): string =>
  revisedPrompt === undefined ? '' : `,"revised_prompt":${JSON.stringify(revisedPrompt)}`;
