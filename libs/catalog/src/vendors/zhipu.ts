import type { Vendor } from '../vendor.js';

export const zhipu = {
  name: 'zhipu',
  baseAddress: 'https://api.z.ai',
  auth: 'bearer',
  wires: {
    'openai-chat': { generate: '/api/paas/v4/chat/completions' },
    'openai-responses': { generate: '/api/v1/responses' },
    'anthropic-messages': { mount: '/api/anthropic', generate: '/v1/messages' },
  },
  // Numeric codes in strings; 1113 (no balance) arrives on a 429 (protocols, 4.3).
  errorCodes: {
    '1000': 'upstream-credential',
    '1001': 'upstream-credential',
    '1002': 'upstream-credential',
    '1003': 'upstream-credential',
    '1113': 'upstream-quota',
    '1211': 'upstream-model-gone',
    '1302': 'upstream-rate-limited',
    '1305': 'upstream-transient',
  },
} as const satisfies Vendor;
