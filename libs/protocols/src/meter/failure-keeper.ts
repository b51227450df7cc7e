import { failureIn, type CodeTable } from '../errors/classify.js';
import type { VendorFailure } from '../errors/wire-errors.js';
import { JsonFault } from '../json-scan.js';
import { recordJson } from './walk-record.js';
import type { RecordSign } from './wire-meter.js';

/** Keeps the first failure of a stream: what a vendor says after it has failed explains nothing. */
export interface FailureKeeper {
  /** The failure a record tells, or the plain fact that it tells one. */
  told(record: Uint8Array): RecordSign;
  tell(failure: VendorFailure): RecordSign;
  /** What a reading says of it. */
  reading(): { readonly failure?: VendorFailure };
  /** Reads a record; one that is broken is a failure of its own. */
  guard(record: Uint8Array, read: (record: Uint8Array) => RecordSign): RecordSign;
}

const BROKE_OFF: VendorFailure = { kind: 'upstream-transient', message: 'the vendor broke off its stream' };

export function createFailureKeeper(own: CodeTable, vendorCodes: CodeTable): FailureKeeper {
  let first: VendorFailure | undefined;
  const tell = (failure: VendorFailure): RecordSign => {
    first ??= failure;
    return 'failure';
  };
  return {
    tell,
    told: (record) => tell(failureIn(recordJson(record), own, vendorCodes) ?? BROKE_OFF),
    reading: () => (first ? { failure: first } : {}),
    guard(record, read) {
      try {
        return read(record);
      } catch (fault) {
        if (fault instanceof JsonFault) return tell({ kind: 'upstream-garbled', message: fault.message });
        throw fault;
      }
    },
  };
}
