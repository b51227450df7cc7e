import { drawContent, isDrawingModel } from '../gemini-images/draw-content.js';
import { INTERACTION_ROUTES } from '../interactions/routes.js';
import { VEO_ROUTES } from '../veo/routes.js';
import type { Route, Wire } from '../wire/wire.js';
import { authenticateGemini } from './authenticate.js';
import { DOWNLOAD_ROUTE, FILE_ROUTES } from './film-files.js';
import { countTokens, generateContent, streamGenerateContent } from './generate.js';
import type { ApiVersion } from './models.js';
import { listGeminiModels, showGeminiModel } from './models.js';
import { googleStreamFailure, renderGoogleFailure } from './render-failure.js';

const BODY_BYTES_MAX = 20 * 1024 * 1024;

const routesOf = (version: ApiVersion): readonly Route[] => [
  {
    method: 'POST',
    path: `/${version}/models/{model}:generateContent`,
    step: 'create',
    handle: (call) => (isDrawingModel(call.params['model'] ?? '') ? drawContent(call) : generateContent(call, version)),
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

/** Google's Gemini API, both versions that the SDKs call; films live on the newer one. */
export const gemini: Wire = {
  vendor: 'google',
  prefix: '/gemini',
  bodyBytesMax: BODY_BYTES_MAX,
  authenticate: authenticateGemini,
  renderFailure: renderGoogleFailure,
  renderStreamFailure: googleStreamFailure,
  routes: [...routesOf('v1beta'), ...routesOf('v1'), ...VEO_ROUTES, ...INTERACTION_ROUTES, ...FILE_ROUTES],
};

/** Where the downloads of its files lead to. */
export const geminiDownloads: Wire = {
  ...gemini,
  prefix: '/gemini-download',
  authenticate: () => ({ key: 'sim-anybody' }),
  routes: [DOWNLOAD_ROUTE],
};
