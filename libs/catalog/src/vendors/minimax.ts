import type { Vendor } from '../vendor.js';

export const minimax = {
  name: 'minimax',
  baseAddress: 'https://api.minimax.io',
  auth: 'bearer',
  wires: {
    'openai-chat': { generate: '/v1/chat/completions' },
    'openai-responses': { generate: '/v1/responses' },
    'anthropic-messages': { mount: '/anthropic', generate: '/v1/messages' },
  },
  // `base_resp.status_code` of a body whose HTTP status may well be 200.
  errorCodes: {
    '1002': 'upstream-rate-limited',
    '1004': 'upstream-credential',
    '1008': 'upstream-quota',
    '1013': 'upstream-transient',
    '1026': 'upstream-refused',
    '1039': 'upstream-rate-limited',
  },
} as const satisfies Vendor;
