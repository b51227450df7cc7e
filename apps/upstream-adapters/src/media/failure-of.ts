import type { Failure } from '@bytespike/contracts';
import type { ErrorDetails } from '@bytespike/kernel';
import type { VendorFailure } from '@bytespike/protocols';

/** A vendor's, or one of ours that may say which field of the request it is about. */
type Told = VendorFailure & { readonly details?: ErrorDetails | undefined };

/** What others may know of a vendor's failure; its own words, where they are kept apart, stay here. */
export const failureOf = ({ kind, message, retryAfterMs, details }: Told): Failure => ({
  kind,
  message,
  ...(typeof details?.param === 'string' && { param: details.param }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
