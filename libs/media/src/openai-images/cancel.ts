import { CANNOT_CANCEL } from '../media-vendor.js';

/** Closing the connection is all there is. */
export const cancel = CANNOT_CANCEL;
