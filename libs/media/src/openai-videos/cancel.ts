import { CANNOT_CANCEL } from '../media-vendor.js';

/** There is no such call: deleting is for renders that have ended (media-ledger-reliability 1.1). */
export const cancel = CANNOT_CANCEL;
