import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What `npm start` and the test bootstrap write about a running platform. */
export interface Running {
  readonly services: Readonly<Record<'ingress' | 'console-api' | 'provider-sim' | `${string}-admin`, string>>;
  readonly pids: Readonly<Record<string, number>>;
  /** How the process that had this name before ended, and when. */
  readonly ends: Readonly<Record<string, { pid: number; code: number | null; signal: string | null; atMs: number }>>;
  readonly urls: Readonly<Record<'database' | 'nats' | 'redis', string>>;
  readonly keys: Readonly<Record<'default' | 'agent-global' | 'extended' | 'management' | 'operator', string>>;
}

const file = process.env['BYTESPIKE_RUNNING'];
if (!file) throw new Error('BYTESPIKE_RUNNING is not set: run `npm test -- e2e`');

/** Where the platform keeps what it is made of: data, logs, secrets. */
export const home = dirname(file);

/** Read afresh each time, because a restarted process has another pid. */
export const running = (): Running => JSON.parse(readFileSync(file, 'utf8')) as Running;

export const platform = running();
export const mode = process.env['BYTESPIKE_MODE'] ?? 'all-in-one';
export const gateway = platform.services.ingress;
export const simulator = platform.services['provider-sim'];

/** A call to the gateway's own surface with the demo key. */
export const callGateway = (path: string, init: RequestInit & { readonly key?: string } = {}): Promise<Response> => {
  const { key = platform.keys.default, headers, ...rest } = init;
  return fetch(`${gateway}${path}`, { ...rest, headers: { authorization: `Bearer ${key}`, ...headers } });
};

export const postJson = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  callGateway(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

/**
 * Tries until `check` resolves to something, for facts that settle after a response has ended. The limit tells what hangs from what
 * is slow on a busy machine; where a promise is about time itself, a spec says how much.
 */
export async function eventually<T>(check: () => Promise<T | undefined>, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`not so within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
