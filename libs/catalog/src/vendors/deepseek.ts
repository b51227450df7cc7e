import type { Vendor } from '../vendor.js';

export const deepseek = {
  name: 'deepseek',
  baseAddress: 'https://api.deepseek.com',
  auth: 'bearer',
  wires: {
    'openai-chat': { generate: '/chat/completions' },
    'openai-responses': { generate: '/responses' },
    'anthropic-messages': { mount: '/anthropic', generate: '/v1/messages', auth: 'x-api-key' },
  },
  errorCodes: { insufficient_balance: 'upstream-quota', insufficient_system_resource: 'upstream-transient' },
} as const satisfies Vendor;
