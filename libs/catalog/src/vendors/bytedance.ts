import type { Vendor } from '../vendor.js';

/** Volcengine Ark. The least verified vendor of the table (protocols, 4.5). */
export const bytedance = {
  name: 'bytedance',
  baseAddress: 'https://ark.cn-beijing.volces.com',
  auth: 'bearer',
  wires: {
    'openai-chat': { generate: '/api/v3/chat/completions' },
    'openai-responses': { generate: '/api/v3/responses' },
    'anthropic-messages': { mount: '/api/coding', generate: '/v1/messages' },
  },
  makes: ['image', 'video'],
  errorCodes: {
    AccountOverdueError: 'upstream-quota',
    QuotaExceeded: 'upstream-quota',
    AuthenticationError: 'upstream-credential',
    ModelNotOpen: 'upstream-model-gone',
    'InvalidEndpointOrModel.NotFound': 'upstream-model-gone',
    ServerOverloaded: 'upstream-transient',
  },
} as const satisfies Vendor;
