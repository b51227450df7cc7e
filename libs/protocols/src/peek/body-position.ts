import { GatewayError } from '@bytespike/kernel';

import { JsonFault } from '../json-scan.js';

const LF = 0x0a;

/** A refusal that says where the body is wrong and never what it holds. */
function badBody(bytes: Uint8Array, at: number, message: string): GatewayError {
  let line = 1;
  let lineStart = 0;
  const end = Math.min(at, bytes.length);
  for (let next = bytes.indexOf(LF); next >= 0 && next < end; next = bytes.indexOf(LF, next + 1)) {
    line += 1;
    lineStart = next + 1;
  }
  const place = `line ${line}, column ${end - lineStart + 1} (byte ${end})`;
  return new GatewayError('invalid-request', `The body is not a valid request: ${message}, at ${place}.`);
}

/** Runs a scan and turns its faults into refusals of this body. */
export function scanning<T>(bytes: Uint8Array, scan: () => T): T {
  try {
    return scan();
  } catch (fault) {
    if (fault instanceof JsonFault) throw badBody(bytes, fault.at, fault.message);
    throw fault;
  }
}
