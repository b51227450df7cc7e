import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { TaskView } from '@bytespike/contracts';
import type { Pool } from '@bytespike/database';

const FILM = { name: 'vid/2026-11-20/01KAFILM.mp4', contentType: 'video/mp4', bytes: 5_000, sha256: 'ab12' };

/** A film that is done, as its owner sees it. */
export const endedView = (taskId: string, accountId: string): TaskView => ({
  taskId,
  accountId,
  keyId: `key of ${accountId}`,
  model: 'veo-3.1',
  kind: 'video',
  state: 'completed',
  version: 4,
  createdAt: Date.parse('2026-11-20T12:00:00Z'),
  startedAt: Date.parse('2026-11-20T12:00:01Z'),
  endedAt: Date.parse('2026-11-20T12:01:00Z'),
  estimatedCost: 3_200_000_000n,
  estimatedSeconds: 75,
  cost: 3_200_000_000n,
  outputs: [FILM],
  seconds: 8,
});

/** Of the request that submitted it. */
export const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** Its row, as far as callbacks and retention need it. */
export async function insertEnded(
  pool: Pick<Pool, 'query'>,
  { taskId, accountId, keyId, kind }: TaskView,
): Promise<void> {
  await pool.query(
    `INSERT INTO tasks.task (id, account_id, key_id, key_hint, input_hash, model, kind, shown, targets, state, mark, estimated_seconds, cost, traceparent, ended_at)
     VALUES ($1, $2, $3, 'sk-byts-...abcd', 'hash', 'veo-3.1', $4, '{}', '[]', 'completed', 1, 75, 3200000000, $5, now())`,
    [taskId, accountId, keyId, kind, TRACEPARENT],
  );
}

/** What a receiver was told once. */
export interface HeardCallback {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CallbackReceiver {
  readonly url: string;
  readonly heard: readonly HeardCallback[];
  /** Most that were waiting for an answer at the same moment. */
  readonly atOnceMax: () => number;
  stop(): Promise<void>;
}

/** Somebody's server: `answer` says what it answers to the nth message, once it says so. */
export async function startReceiver(answer: (nth: number) => number | Promise<number>): Promise<CallbackReceiver> {
  const heard: HeardCallback[] = [];
  const open = { now: 0, max: 0 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    open.now += 1;
    open.max = Math.max(open.max, open.now);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      void Promise.resolve(answer(heard.length)).then((status) => {
        open.now -= 1;
        response.writeHead(status, { location: '/elsewhere' }).end('thank you');
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/heard?token=own`,
    heard,
    atOnceMax: () => open.max,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
