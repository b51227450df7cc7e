import { callGateway, eventually } from '../platform.js';

/** A task as its owner sees it (contract 9.2); money is USD. */
export interface Task {
  readonly task_id: string;
  readonly out_task_id?: string;
  readonly status: 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly estimated_credits?: number | string;
  readonly estimated_seconds?: number;
  readonly credits_used?: number | string;
  readonly output?: readonly MadeFile[];
  /** In the answer to a cancel of what goes on. */
  readonly cancellable?: boolean;
  readonly reason?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface MadeFile {
  readonly type: 'video' | 'image';
  readonly url: string;
  readonly duration_seconds?: number;
  readonly size_bytes: number;
  readonly sha256: string;
}

/** What is sent to `/v1/tasks/submit`. */
export interface Submission {
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly out_task_id?: string;
  readonly callback_url?: string;
  readonly dry_run?: boolean;
}

export interface TaskEvent {
  readonly id: string;
  readonly event: string;
  readonly task: Task;
}

const ENDED: readonly Task['status'][] = ['completed', 'failed', 'cancelled'];
export const hasEnded = ({ status }: Task): boolean => ENDED.includes(status);

/** Asks about tasks; answers whatever came, refusals too. */
export async function askTasks<Answer = Task>(
  key: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: Answer }> {
  const response = await callGateway(`/v1/${path}`, {
    key,
    ...(body && {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json' },
    }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}

async function succeed<Answer = Task>(key: string, path: string, body?: object): Promise<Answer> {
  const answer = await askTasks<Answer>(key, path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const submitTask = (key: string, submission: Submission): Promise<Task> =>
  succeed(key, 'tasks/submit', submission);
export const readTask = (key: string, taskId: string): Promise<Task> =>
  succeed(key, 'tasks/query', { task_id: taskId });
export const cancelTask = (key: string, taskId: string): Promise<Task> =>
  succeed(key, 'tasks/cancel', { task_id: taskId });

export const untilTask = (
  key: string,
  taskId: string,
  isSo: (task: Task) => boolean,
  limitMs = 60_000,
): Promise<Task> =>
  eventually(async () => {
    const task = await readTask(key, taskId);
    return isSo(task) ? task : undefined;
  }, limitMs);

export const untilEnded = (key: string, taskId: string, limitMs?: number): Promise<Task> =>
  untilTask(key, taskId, hasEnded, limitMs);

/** Listens to a task and answers every event of it once the gateway has closed the stream. */
export async function watchTask(key: string, taskId: string, lastEventId?: string): Promise<readonly TaskEvent[]> {
  const events: TaskEvent[] = [];
  for await (const event of eventsOf(key, taskId, lastEventId)) events.push(event);
  return events;
}

/** The events of a task as they come; whoever stops reading hangs up. */
export async function* eventsOf(key: string, taskId: string, lastEventId?: string): AsyncGenerator<TaskEvent> {
  const response = await callGateway(`/v1/tasks/stream/${taskId}`, {
    key,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  if (!response.ok || !response.body) throw new Error(`stream: ${response.status} ${await response.text()}`);
  let text = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const records = text.split('\n\n');
    text = records.pop() ?? '';
    yield* records.filter((record) => record.includes('data:')).map(eventOf);
  }
}

function eventOf(record: string): TaskEvent {
  const field = (name: string): string => new RegExp(`^${name}: ?(.*)$`, 'm').exec(record)?.[1] ?? '';
  return { id: field('id'), event: field('event'), task: JSON.parse(field('data')) as Task };
}
