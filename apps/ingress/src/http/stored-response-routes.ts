import { cancelResponse, deleteResponse, listInputItems, readResponse } from '../serve-stored-responses.js';
import { answeringJson } from './answer-json.js';
import { versioned } from './paths.js';
import type { Method, Route } from './route.js';

const route = (method: Method, path: string, produce: Parameters<typeof answeringJson>[0]): Route => ({
  method,
  template: `/v1/responses/{id}${path}`,
  paths: versioned(`/responses/:id${path}`),
  dialect: 'openai-responses',
  serve: answeringJson(produce),
});

/** What was answered before, for the key that asked (contract 0.6). All free. */
export const storedResponseRoutes: readonly Route[] = [
  route('GET', '', readResponse),
  route('DELETE', '', deleteResponse),
  route('GET', '/input_items', listInputItems),
  route('POST', '/cancel', cancelResponse),
];
