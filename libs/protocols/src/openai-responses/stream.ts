import { decode } from './decode-stream.js';
import { encode } from './encode-stream.js';

/** Both directions of a stream, as pure reducers. */
export const stream = { decode, encode };
