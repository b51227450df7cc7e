import type { StreamHead } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';

import type { FlatHeaders } from '../domain/accounting-headers.js';
import type { TargetAnswer } from '../http/target-answer.js';

/** An answer as its client gets it: of targets that were given up nothing, of our keep-alives nothing. */
export interface RecordedAnswer {
  readonly status: number;
  readonly headers: FlatHeaders;
  readonly body: Uint8Array;
}

export interface RecordingParts {
  /** What the client is told with a head. */
  readonly headersOf: (head: StreamHead) => FlatHeaders;
  /** Counts what is kept in memory. False when the process holds too much already. */
  readonly reserve: (bytes: number) => boolean;
  /** Called when the answer is complete and on its way; the request has not ended before it resolves. */
  readonly keep: (answer: RecordedAnswer | 'given-once') => Promise<void>;
}

const FIRST_BYTES = 16 * 1024;

/**
 * Notes an answer on its way to the client. Bytes are copied: a piece may be a small view of a large buffer, and what is
 * noted stays for as long as a stream runs.
 */
export function recordingAnswer(answer: TargetAnswer, { headersOf, reserve, keep }: RecordingParts): TargetAnswer {
  let head: StreamHead | undefined;
  let noted: Buffer | undefined = Buffer.alloc(0);
  let length = 0;

  const note = (bytes: Uint8Array): void => {
    if (!noted) return;
    const needed = length + bytes.length;
    if (needed > noted.length) noted = grown(noted, needed, reserve);
    noted?.set(bytes, length);
    length = needed;
  };

  return {
    ...answer,
    head: (given) => {
      head = given;
      // What an earlier target said is nobody's answer, however long it was.
      noted ??= Buffer.alloc(0);
      length = 0;
      return answer.head(given);
    },
    data: (bytes) => {
      note(bytes);
      return answer.data(bytes);
    },
    complete: async () => {
      await answer.complete();
      if (!head) return;
      const { status } = head;
      await keep(noted ? { status, headers: headersOf(head), body: noted.subarray(0, length) } : 'given-once');
    },
  };
}

/** Room for `needed` bytes, twice as much as before so that copies stay few; undefined beyond the limit. */
function grown(noted: Buffer, needed: number, reserve: RecordingParts['reserve']): Buffer | undefined {
  const max = LIMITS.keptAnswerBytesMax;
  if (needed > max) return undefined;
  const size = Math.min(max, Math.max(FIRST_BYTES, needed, 2 * noted.length));
  if (!reserve(size - noted.length)) return undefined;
  const larger = Buffer.allocUnsafe(size);
  noted.copy(larger);
  return larger;
}
