import type { PictureFormat, PictureSize } from '../requests/image-request.js';

/** What one image model can do, as data. The first of a list is what an unsaid wish means. */
export interface ImageModel {
  readonly sizes: readonly [PictureSize, ...PictureSize[]];
  /** What the model pages call tall and wide (contract C19), in sizes of this model. */
  readonly pageSizes: Readonly<Record<string, PictureSize>>;
  /** Ratios that may be given instead of a size. */
  readonly aspectRatios?: readonly string[];
  readonly picturesMax: number;
  readonly qualities: readonly string[];
  /** The model pages' words for them (contract C19). */
  readonly pageQualities?: Readonly<Record<string, string>>;
  readonly styles?: readonly string[];
  readonly backgrounds?: readonly ('transparent' | 'opaque' | 'auto')[];
  readonly formats: readonly [PictureFormat, ...PictureFormat[]];
  /** Pictures that may be brought along, to be changed or followed. */
  readonly imagesMax: number;
  /** How many unfinished pictures may be asked for on the way; zero where there are none. */
  readonly partialsMax: number;
  readonly mask: 'taken' | 'refused';
  readonly seed: 'taken' | 'refused';
  readonly negativePrompt: 'taken' | 'refused';
  /** What it takes for one picture until enough of them have been seen. */
  readonly rendering: { readonly seconds: number };
}

/** The names that the model pages use for all models alike. */
export const pageSizes = (tall: PictureSize, wide: PictureSize): ImageModel['pageSizes'] => ({
  '1024x1792': tall,
  '1792x1024': wide,
});
