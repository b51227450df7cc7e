import { formatLoss } from '@bytespike/ir';
import type { Reading } from '@bytespike/media';

/** Where a field of a complete request stands in the client's words. */
export const placeOf =
  <Wish extends object>({ wish, where }: Reading<Wish>) =>
  (field: string): string =>
    Object.hasOwn(wish, field) ? where(field as keyof Wish & string) : field;

/** A hint for which a wire has no place is dropped, and its caller told so (contract 0.6). */
export const dropped = (path: string): string => formatLoss({ code: 'L60', path, effect: 'dropped' });
