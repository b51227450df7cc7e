import type { Route, Wire } from '../wire/wire.js';
import { authenticateGemini } from './authenticate.js';
import { countTokens, generateContent, streamGenerateContent } from './generate.js';
import type { ApiVersion } from './models.js';
import { listGeminiModels, showGeminiModel } from './models.js';
import { googleStreamFailure, renderGoogleFailure } from './render-failure.js';

const BODY_BYTES_MAX = 20 * 1024 * 1024;

const routesOf = (version: ApiVersion): readonly Route[] => [
  {
    method: 'POST',
    path: `/${version}/models/{model}:generateContent`,
    handle: (call) => generateContent(call, version),
  },
  {
    method: 'POST',
    path: `/${version}/models/{model}:streamGenerateContent`,
    handle: (call) => streamGenerateContent(call, version),
  },
  { method: 'POST', path: `/${version}/models/{model}:countTokens`, handle: (call) => countTokens(call, version) },
  { method: 'GET', path: `/${version}/models`, handle: listGeminiModels },
  { method: 'GET', path: `/${version}/models/{model}`, handle: (call) => showGeminiModel(call, version) },
];

/** Google's Gemini API, both versions that the SDKs call. */
export const gemini: Wire = {
  vendor: 'google',
  prefix: '/gemini',
  bodyBytesMax: BODY_BYTES_MAX,
  authenticate: authenticateGemini,
  renderFailure: renderGoogleFailure,
  renderStreamFailure: googleStreamFailure,
  routes: [...routesOf('v1beta'), ...routesOf('v1')],
};
