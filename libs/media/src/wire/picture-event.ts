import type { MediaFailure } from './media-errors.js';
import type { AssetReference, Rendered } from './render-status.js';

/** One thing that happens while pictures are drawn. */
export type PictureEvent =
  | { readonly type: 'partial'; readonly index: number; readonly asset: AssetReference }
  | { readonly type: 'completed'; readonly asset: AssetReference; readonly rendered: Pick<Rendered, 'tokens'> }
  | { readonly type: 'failed'; readonly failure: MediaFailure };
