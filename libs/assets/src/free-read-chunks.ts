import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** So many bytes of chunks that nobody needs any more may lie about. */
const UNUSED_BYTES_MAX = 16 * 1_048_576;

type Collect = (options: { readonly type: 'minor' }) => void;

let passed = 0;
let collect: Collect | undefined;

/**
 * To be told of every chunk of a large body as it passes. To V8 a chunk is a small object whose bytes lie elsewhere: left
 * to itself it lets some seventy megabytes of them lie before it looks. Collecting the young ones takes a millisecond.
 */
export function freeReadChunks(bytes: number): void {
  passed += bytes;
  if (passed < UNUSED_BYTES_MAX) return;
  passed = 0;
  collect ??= collector();
  collect({ type: 'minor' });
}

/** What `--expose-gc` gives, without every start of every service having to ask for it. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
