import type { Vendor } from '../vendor.js';

export const google = {
  name: 'google',
  baseAddress: 'https://generativelanguage.googleapis.com',
  auth: 'x-goog-api-key',
  wires: {
    'gemini-generate': {
      generate: '/v1beta/models/{model}:generateContent',
      stream: '/v1beta/models/{model}:streamGenerateContent',
      count: '/v1beta/models/{model}:countTokens',
    },
  },
  makes: ['image', 'video'],
  // A bad key is a 400 INVALID_ARGUMENT at Google (protocols, 1.4); its ErrorInfo reason tells.
  errorCodes: { API_KEY_INVALID: 'upstream-credential', SERVICE_DISABLED: 'upstream-credential' },
} as const satisfies Vendor;
