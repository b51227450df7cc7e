import type { ByteRange } from '../asset-store.js';

const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * What a `Range` header asks of an asset. Absent: all of it, also where the header is not one range of bytes, which
 * RFC 9110 14.2 lets a server ignore. `unsatisfiable`: nothing of it is there.
 */
export function readRange(header: string | undefined, bytes: number): ByteRange | 'unsatisfiable' | undefined {
  const [matched, from = '', to = ''] = ONE_RANGE.exec(header?.trim() ?? '') ?? [];
  if (matched === undefined || (from === '' && to === '')) return undefined;
  if (from === '') {
    const length = Math.min(Number(to), bytes);
    return length === 0 ? 'unsatisfiable' : { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= bytes ? 'unsatisfiable' : { first, last };
}
