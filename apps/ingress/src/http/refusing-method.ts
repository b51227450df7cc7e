import { GatewayError } from '@bytespike/kernel';

import { refuseTold } from './refuse-told.js';
import type { Method, Serve } from './route.js';

/** Answers a method that an address does not have, and names those it has (RFC 9110, 15.5.6). */
export const refusingMethod =
  (allowed: readonly Method[]): Serve =>
  async (exchange, gateway) => {
    const error = new GatewayError('method-not-allowed', `Use ${allowed.join(' or ')} for this address.`);
    await refuseTold(exchange, error, gateway, ['allow', allowed.join(', ')]);
    return { result: error.kind };
  };
