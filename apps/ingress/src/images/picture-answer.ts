import type { PictureNews, StreamHead } from '@bytespike/contracts';
import type { GatewayError } from '@bytespike/kernel';

import type { DrawnPicture } from '../domain/picture-outcome.js';

/** Where the targets of a plan tell of their pictures, one target after the other until one has sent content. */
export interface PictureAnswer {
  /** Before anything a target tells. */
  begin(head: StreamHead): void;
  news(news: PictureNews): Promise<void>;
  /** Whether the client has seen anything of a picture; from then on no other target may be tried (law 8). */
  contentSent(): boolean;
  /** Hands over the pictures that were not told as they came. */
  deliver(pictures: readonly DrawnPicture[]): Promise<void>;
  /** How many pictures the client has been sent whole. */
  delivered(): number;
  complete(): Promise<void>;
  fail(error: GatewayError): void;
}
