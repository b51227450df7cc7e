import type { TargetAnswer } from '../http/target-answer.js';
import type { PictureAnswer } from './picture-answer.js';
import { picturePieces, type Carrier, type CarrierPorts } from './picture-pieces.js';

/** `{created, data: [...]}` (contract 10): all pictures in one answer, told when they are there. */
export function openPictureList(answer: TargetAnswer, carrier: Carrier, ports: CarrierPorts): PictureAnswer {
  let delivered = 0;
  const write = async (text: string): Promise<void> => answer.data(Buffer.from(text));
  return {
    begin: (head) => void answer.head(head),
    // Of a picture on its way the caller did not ask to be told.
    news: async () => undefined,
    contentSent: () => answer.contentSent(),
    deliver: async (pictures) => {
      await write(`{"created":${Math.floor(Date.now() / 1_000)},"data":[`);
      for (const [index, picture] of pictures.entries()) {
        await write(index === 0 ? '{' : ',{');
        for await (const piece of picturePieces(picture, carrier, ports)) await answer.data(piece);
        await write('}');
        ports.signal.throwIfAborted();
        delivered += 1;
      }
      await write(']}');
    },
    delivered: () => delivered,
    complete: async () => answer.complete(),
    fail: (error) => answer.fail(error, undefined),
  };
}
