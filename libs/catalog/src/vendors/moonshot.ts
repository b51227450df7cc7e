import type { Vendor } from '../vendor.js';

export const moonshot = {
  name: 'moonshot',
  baseAddress: 'https://api.moonshot.ai',
  auth: 'bearer',
  wires: {
    'openai-chat': { generate: '/v1/chat/completions' },
    'openai-responses': { generate: '/v1/responses' },
    'anthropic-messages': { mount: '/anthropic', generate: '/v1/messages' },
  },
  // An empty balance is a 429 (protocols, 4.2).
  errorCodes: { exceeded_current_quota_error: 'upstream-quota', engine_overloaded_error: 'upstream-transient' },
} as const satisfies Vendor;
