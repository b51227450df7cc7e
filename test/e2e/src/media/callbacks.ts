import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Webhook } from 'standardwebhooks';

import type { Customer } from '../accounts.js';
import { callGateway, eventually } from '../platform.js';
import type { Task } from './tasks.js';

/** One POST as it came to a callback address. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Somebody who waits for callbacks on this machine. */
export interface Listener {
  readonly url: string;
  readonly messages: readonly Message[];
  /** What the next messages are answered with, one each; then 200 again. */
  answerNext(...statuses: readonly number[]): void;
  /** Messages about one task, once there are so many. */
  untilTold(taskId: string, count?: number, limitMs?: number): Promise<readonly Message[]>;
  stop(): void;
}

export async function startListener(): Promise<Listener> {
  const messages: Message[] = [];
  const answers: number[] = [];
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    messages.push({
      headers: request.headers as Record<string, string>,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const about = (taskId: string): Message[] => messages.filter(({ body }) => body.includes(taskId));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/told`,
    messages,
    answerNext: (...statuses) => void answers.push(...statuses),
    untilTold: (taskId, count = 1, limitMs = 30_000) =>
      eventually(async () => {
        const told = about(taskId);
        return told.length >= count ? told : undefined;
      }, limitMs),
    stop: () => void server.close(),
  };
}

/** A new secret, as a customer asks for one: what callbacks are signed with from now on. */
export async function rotateSecret({ management }: Customer): Promise<string> {
  const response = await callGateway('/api/v1/me/callback-secret/rotate', { method: 'POST', key: management });
  if (!response.ok) throw new Error(`no secret: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { secret: string }).secret;
}

/** The task of a message, by the official library's judgement of its signature and its age. */
export const verified = (secret: string, { body, headers }: Message): Task =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as Task;
