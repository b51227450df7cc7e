import { answeringJson } from '../http/answer-json.js';
import { answeringNamedJson, keyScope } from '../http/answer-named-json.js';
import { versioned } from '../http/paths.js';
import type { Method, Route, Serve } from '../http/route.js';
import { rememberTaskBody } from './read-task-body.js';
import { serveSubmit, type SubmitDoor } from './serve-submit.js';
import { cancelTask, queryTask, queryTaskByAddress, readVideoTask } from './serve-task.js';
import { streamTask } from './serve-task-stream.js';

const route = (method: Method, path: string, serve: Serve): Route => ({
  method,
  template: `/v1${path.replace(/:(\w+)/, '{$1}')}`,
  paths: versioned(path),
  dialect: 'openai-chat',
  serve,
});

const submitting = (path: string, door: Omit<SubmitDoor, 'template'>): Route => ({
  ...route('POST', path, (exchange, gateway) => serveSubmit(exchange, { ...door, template: `/v1${path}` }, gateway)),
  kind: { protocol: 'tasks', operation: 'generate' },
});

/** What only asks is answered as things are now; a cancel is a change, and can be named (contract 0.5). */
const cancelling = answeringNamedJson('POST cancel', cancelTask, {
  status: 200,
  repeats: 'same',
  scopeOf: keyScope,
  readBody: rememberTaskBody,
});

/** Renders that are not waited for, in the three shapes that are documented (contract 9, C1). */
export const taskRoutes: readonly Route[] = [
  submitting('/tasks/submit', { kinds: ['video', 'image'], shape: 'as-asked' }),
  submitting('/videos/generations', { kinds: ['video'], shape: 'video' }),
  route('POST', '/tasks/query', answeringJson(queryTask)),
  route('GET', '/tasks/query', answeringJson(queryTaskByAddress)),
  route('GET', '/videos/tasks/:id', answeringJson(readVideoTask)),
  route('POST', '/tasks/cancel', cancelling),
  route('POST', '/tasks/cancel/:id', cancelling),
  route('GET', '/tasks/stream/:id', streamTask),
];
