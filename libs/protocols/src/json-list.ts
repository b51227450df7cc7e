import { LIMITS } from '@bytespike/kernel';

import { between, createHeldRecord, type RecordSplitter } from './held-record.js';
import { BACKSLASH, BRACE_CLOSE, BRACE_OPEN, BRACKET_CLOSE, BRACKET_OPEN, QUOTE } from './json-scan.js';

/**
 * Cuts a JSON list that is written while its elements are made: a record is an element with what stands before it, and
 * the last one is the bracket that closes the list. Throws `upstream-garbled` when one exceeds `recordBytesMax`.
 */
export function createListSplitter(recordBytesMax: number = LIMITS.sseRecordBytesMax): RecordSplitter {
  const { hold, take, rest } = createHeldRecord(recordBytesMax);
  let depth = 0;
  let within: 'structure' | 'string' | 'escape' = 'structure';

  return {
    push(chunk, onRecord) {
      let start = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at];
        if (within === 'escape') within = 'string';
        else if (within === 'string') {
          if (byte === BACKSLASH) within = 'escape';
          else if (byte === QUOTE) within = 'structure';
        } else if (byte === QUOTE) within = 'string';
        else if (byte === BRACE_OPEN || byte === BRACKET_OPEN) depth += 1;
        else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
          depth -= 1;
          if (depth > 1) continue;
          onRecord(take(between(chunk, start, at + 1)));
          start = at + 1;
        }
      }
      if (start < chunk.length) hold(chunk.subarray(start));
    },
    rest,
  };
}
