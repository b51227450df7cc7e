import type { GenerateRequest, Loss } from '@bytespike/ir';

import { writeExact } from '../exact-json.js';
import type { ExchangeOptions } from './exchange-options.js';
import { withoutStrays } from './reasoning/stray-capsules.js';
import type { Translatable } from './translatable.js';

/** A request in the vendor's own words. */
export interface WrittenRequest {
  readonly body: string;
  /** What its encoder lost, by the hub's paths. */
  readonly losses: readonly Loss[];
}

/** Writes a request whose tools and ids are the vendor's already. No capsule of ours is left in its bytes. */
export function writeRequest(request: GenerateRequest, target: Translatable, options: ExchangeOptions): WrittenRequest {
  const { wire, losses } = target.writeRequest({ ...request, model: options.upstreamModel }, options);
  const clean = withoutStrays(writeExact(wire), request);
  return { body: clean.body, losses: [...losses, ...clean.losses] };
}
