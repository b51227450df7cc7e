import type { Vendor } from '../vendor.js';

export const anthropic = {
  name: 'anthropic',
  baseAddress: 'https://api.anthropic.com',
  auth: 'x-api-key',
  wires: {
    'anthropic-messages': {
      generate: '/v1/messages',
      count: '/v1/messages/count_tokens',
      // What the gateway writes itself is of this version: the later one refuses the sampling of models up to 4.6 and
      // documents in answers (protocols 0.2). A client of this wire brings its own.
      defaultHeaders: { 'anthropic-version': '2023-06-01' },
    },
  },
  // Spend limits of our own account come back as a plain 400 (protocols, 1.1); the detail code tells.
  errorCodes: {
    contract_spend_limit_reached: 'upstream-quota',
    enforced_spend_limit_reached: 'upstream-quota',
    ramp_limit_exceeded: 'upstream-rate-limited',
  },
} as const satisfies Vendor;
