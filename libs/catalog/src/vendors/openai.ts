import type { Vendor } from '../vendor.js';

export const openai = {
  name: 'openai',
  baseAddress: 'https://api.openai.com',
  auth: 'bearer',
  wires: {
    'openai-chat': { generate: '/v1/chat/completions' },
    'openai-responses': { generate: '/v1/responses', count: '/v1/responses/input_tokens' },
  },
  makes: ['image', 'video'],
  // An empty account is a 429 here; waiting does not fill it.
  errorCodes: { insufficient_quota: 'upstream-quota', billing_hard_limit_reached: 'upstream-quota' },
} as const satisfies Vendor;
