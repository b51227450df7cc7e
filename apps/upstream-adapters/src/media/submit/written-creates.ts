import type { MediaTarget } from '@bytespike/contracts';
import { assert } from '@bytespike/kernel';
import { requestsPerCall, type SubmitCall } from '@bytespike/media';

import type { MediaRequest } from '../inputs/request-sources.js';
import { filmVendor, pictureVendor } from '../media-wire.js';

/** One create, written, how much it asks for, and the place of that among all of the work. */
export interface WrittenCreate {
  readonly written: SubmitCall;
  readonly firstIndex: number;
  readonly count: number;
}

/** The creates that a request takes: several where the vendor draws fewer pictures in one. */
export function writtenCreates(
  { kind, request }: MediaRequest,
  target: MediaTarget,
  mark: number,
): readonly [WrittenCreate, ...WrittenCreate[]] {
  assert(kind === target.kind, 'a target makes what is asked of it');
  const to = { upstreamModel: target.upstreamModel, mark };
  if (kind === 'video') return [{ written: filmVendor(target).submit.request(request, to), firstIndex: 0, count: 1 }];
  const { submit, perCallMax } = pictureVendor(target);
  const [first, ...others] = requestsPerCall(request, perCallMax).map((part, index) => ({
    written: submit.request(part, to),
    firstIndex: index * perCallMax,
    count: part.n,
  }));
  assert(first !== undefined, 'at least one picture is asked for');
  return [first, ...others];
}
