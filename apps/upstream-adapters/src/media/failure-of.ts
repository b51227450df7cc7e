import type { Failure } from '@bytespike/contracts';
import type { VendorFailure } from '@bytespike/protocols';

/** What others may know of a vendor's failure; its own words, where they are kept apart, stay here. */
export const failureOf = ({ kind, message, retryAfterMs }: VendorFailure): Failure => ({
  kind,
  message,
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
