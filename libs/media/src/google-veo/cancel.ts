import { CANNOT_CANCEL } from '../media-vendor.js';

/** None is documented, and an abandoned render is charged (media-ledger-reliability 1.2). */
export const cancel = CANNOT_CANCEL;
