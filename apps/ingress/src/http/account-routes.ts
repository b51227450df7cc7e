import { readGeminiPath } from '../domain/gemini-path.js';
import { listAvailableModels, listModels, readModel } from '../serve-models.js';
import { listGroups, listMovements, readAccount, readBalance } from '../serve-account.js';
import { createKey, listKeys, readKey, revealKey, revokeKey, rotateKey, updateKey } from '../serve-keys.js';
import { readTopUp, setThreshold, startTopUp } from '../serve-top-ups.js';
import { readReceipt } from '../serve-receipt.js';
import { listUsage, reportUsage } from '../serve-usage.js';
import { answeringJson } from './answer-json.js';
import { accountScope, answeringNamedJson, type NamedAnswer } from './answer-named-json.js';
import { geminiVersioned, managed, versioned } from './paths.js';
import { refusingMethod } from './refusing-method.js';
import type { Method, Route } from './route.js';

type Produce = Parameters<typeof answeringJson>[0];

const get = (template: string, paths: readonly string[], dialect: Route['dialect'], produce: Produce): Route => ({
  method: 'GET',
  template,
  paths,
  dialect,
  serve: answeringJson(produce),
});

const serveModel = answeringJson(readModel);
const refusePost = refusingMethod(['POST']);

/** One model; or a call of Gemini's, which has the same wildcard and is no address to read. */
const modelRoute = (template: string, paths: readonly string[], dialect: Route['dialect']): Route => ({
  ...get(template, paths, dialect, readModel),
  serve: (exchange, gateway) => (readGeminiPath(exchange.resource) ? refusePost : serveModel)(exchange, gateway),
});

const managedRoute = (method: Method, path: string, produce: Produce, status?: number): Route => ({
  method,
  template: `/api/v1${path}`,
  paths: managed(path),
  dialect: 'management',
  serve: answeringJson(produce, status),
});

/** A change that its caller may name, so that asking twice changes once. A secret is not kept for repeats (contract C6). */
const namedRoute = (path: string, produce: Produce, answer: Omit<NamedAnswer, 'scopeOf'>): Route => ({
  ...managedRoute('POST', path, produce),
  serve: answeringNamedJson(`POST ${path}`, produce, { ...answer, scopeOf: accountScope }),
});

const keyRoute = (method: Method, path: string, produce: Produce, status?: number): Route =>
  managedRoute(method, `/keys${path}`, produce, status);

/** Models in three dialects on one address, and the account surface (contract 0.8, 4.6). All free. */
export const accountRoutes: readonly Route[] = [
  get('/v1/models', versioned('/models'), 'of-caller', listModels),
  modelRoute('/v1/models/{id}', versioned('/models/*'), 'of-caller'),
  get('/v1beta/models', geminiVersioned('/models'), 'gemini-generate', listModels),
  modelRoute('/v1beta/models/{id}', geminiVersioned('/models/*'), 'gemini-generate'),
  get('/api/v1/me/available-models', managed('/me/available-models'), 'management', listAvailableModels),
  get('/v1/balance', versioned('/balance'), 'openai-chat', readBalance),
  get('/v1/usage', versioned('/usage'), 'openai-chat', listUsage),
  get('/api/v1/usage', managed('/usage'), 'management', listUsage),
  get('/v1/receipts/{id}', versioned('/receipts/:id'), 'openai-chat', readReceipt),
  get('/api/v1/receipts/{id}', managed('/receipts/:id'), 'management', readReceipt),
  get('/api/v1/me/account', managed('/me/account'), 'management', readAccount),
  get('/api/v1/me/usage', managed('/me/usage'), 'management', reportUsage),
  get('/api/v1/me/billing/transactions', managed('/me/billing/transactions'), 'management', listMovements),
  get('/api/v1/groups/available', managed('/groups/available'), 'management', listGroups),
  namedRoute('/me/billing/topups', startTopUp, { status: 201, repeats: 'same' }),
  managedRoute('GET', '/me/billing/topups/:id', readTopUp),
  managedRoute('PUT', '/me/notifications/threshold', setThreshold),
  keyRoute('GET', '', listKeys),
  namedRoute('/keys', createKey, { status: 201, repeats: 'given-once' }),
  keyRoute('GET', '/:id', readKey),
  keyRoute('PATCH', '/:id', updateKey),
  keyRoute('DELETE', '/:id', revokeKey),
  namedRoute('/keys/:id/rotate', rotateKey, { status: 200, repeats: 'given-once' }),
  keyRoute('GET', '/:id/reveal', revealKey),
  get('/v1/keys/{id}/reveal', versioned('/keys/:id/reveal'), 'openai-chat', revealKey),
];
