import { GatewayError } from '@bytespike/kernel';

import { fillAccounting } from '../account-headers.js';
import { COMPLETE } from '../observe.js';
import { versioned } from './paths.js';
import { meetCaller, refuseTold } from './refuse-told.js';
import { METHODS, type Method, type Route, type Serve } from './route.js';
import { writeAnswer } from './write-answer.js';

/** Surfaces that clients of these protocols look for and do not find here (contract C4), and what to use instead. */
const ABSENT: readonly (Pick<Route, 'dialect'> & { readonly path: string; readonly instead: string })[] = [
  {
    path: '/messages/batches',
    dialect: 'anthropic-messages',
    instead:
      'Batches are not exposed: POST /v1/tasks/submit is for pictures and films that may wait, POST /v1/messages for text.',
  },
  // Three protocols keep files, and a client of each may ask at this address.
  { path: '/files', dialect: 'of-caller', instead: 'Files are not exposed: send them inline in the request.' },
  {
    path: '/embeddings',
    dialect: 'openai-chat',
    instead: 'Embeddings are not exposed. GET /v1/models lists what is served.',
  },
  { path: '/audio', dialect: 'openai-chat', instead: 'Audio is not exposed. GET /v1/models lists what is served.' },
  {
    path: '/rerank',
    dialect: 'openai-chat',
    instead: 'Rerank is not exposed: ask a model through POST /v1/chat/completions.',
  },
  {
    path: '/assistants',
    dialect: 'openai-chat',
    instead: 'Assistants are not exposed: use POST /v1/responses with tools.',
  },
  { path: '/threads', dialect: 'openai-chat', instead: 'Threads are not exposed: use POST /v1/responses.' },
  {
    path: '/conversations',
    dialect: 'openai-responses',
    instead: 'Conversations are not exposed: go on from previous_response_id with POST /v1/responses.',
  },
  {
    // Else it would be the name of a stored response, to be read with GET.
    path: '/responses/compact',
    dialect: 'openai-responses',
    instead: 'Compaction is not exposed: send the items that matter, or go on from previous_response_id.',
  },
  {
    path: '/completions',
    dialect: 'openai-chat',
    instead: 'Legacy completions are not exposed: use POST /v1/chat/completions.',
  },
  {
    path: '/images',
    dialect: 'openai-chat',
    instead: 'Pictures are drawn by POST /v1/images/generations and changed by POST /v1/images/edits.',
  },
  {
    path: '/videos',
    dialect: 'openai-chat',
    instead: 'There is no such address: films are asked for with POST /v1/videos/generations or /v1/tasks/submit.',
  },
  {
    path: '/tasks',
    dialect: 'openai-chat',
    instead: 'There is no such address: use /v1/tasks/submit, /query, /cancel or /stream/{task_id}.',
  },
  {
    path: '/receipts',
    dialect: 'openai-chat',
    instead: 'Receipts are read one by one, by GET /v1/receipts/{request_id}; GET /v1/usage has a row per billed call.',
  },
];

const absent = ({ path, dialect, instead }: (typeof ABSENT)[number]): readonly Route[] =>
  METHODS.map((method) => ({
    method,
    template: `/v1${path}`,
    paths: versioned(path, `${path}/*`),
    dialect,
    serve: async () => {
      throw new GatewayError('not-found', instead);
    },
  }));

/** Codex asks for a WebSocket first and falls back to POST on this status only (clients, Codex). */
const noWebSocket: Serve = async (exchange, gateway) => {
  const asked = exchange.request.headers.upgrade !== undefined;
  const error = asked
    ? new GatewayError('upgrade-required', 'WebSockets are not served here: use POST /v1/responses with stream.')
    : new GatewayError('method-not-allowed', 'Use POST for this address.');
  const extra = asked ? ['upgrade', 'HTTP/1.1', 'connection', 'upgrade, close'] : ['allow', 'POST'];
  await refuseTold(exchange, error, gateway, extra);
  return { result: error.kind };
};

/** What clients ping before they have anything to say. */
const greeting: Serve = async (exchange, gateway) => {
  await meetCaller(exchange, gateway);
  await fillAccounting(exchange, gateway);
  const headers = [...(exchange.accounting ?? []), 'content-type', 'application/json; charset=utf-8'];
  writeAnswer(exchange, { status: 200, headers, body: JSON.stringify({ name: 'ByteSpike', models: '/v1/models' }) });
  return COMPLETE;
};

const ping = (method: Method, path: string): Route => ({
  method,
  template: path,
  paths: [path],
  dialect: 'openai-chat',
  serve: greeting,
});

/** Everything that is asked for and is not there, said honestly and in the caller's dialect. */
export const absentRoutes: readonly Route[] = [
  ...ABSENT.flatMap(absent),
  {
    method: 'GET',
    template: '/v1/responses',
    paths: versioned('/responses'),
    dialect: 'openai-responses',
    serve: noWebSocket,
  },
  ping('HEAD', '/'),
  ping('GET', '/'),
  ping('HEAD', '/api/hello'),
  ping('GET', '/api/hello'),
];
