import type { MeterReading, VendorFailure } from '@bytespike/protocols';

/** How one call to a vendor ended, for its caller in this process. */
export type AttemptEnd =
  | { readonly ended: 'served'; readonly reading: MeterReading; readonly quality: 'whole' | 'without-content' }
  /** Nothing of it reached the caller, so something else may be tried. */
  | { readonly ended: 'refused'; readonly failure: VendorFailure; readonly answer?: ErrorAnswerBytes }
  /** Content had been sent: nothing else may be. */
  | { readonly ended: 'broken'; readonly failure: VendorFailure; readonly reading: MeterReading }
  /** The caller left. */
  | { readonly ended: 'cancelled'; readonly reading: MeterReading; readonly contentSent: boolean };

/** A vendor's refusal as it came. */
export interface ErrorAnswerBytes {
  readonly contentType: string;
  readonly body: Uint8Array;
}

export const emptyReading: MeterReading = {
  contentStarted: false,
  ended: false,
  quarantined: false,
  deliveredOutput: 0,
};
