import { simulator } from './platform.js';

/** One exchange as the simulated vendor saw it. */
export interface Exchange {
  readonly id: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
  readonly sentBase64: string;
  readonly status: number;
  readonly endedAtMs?: number;
  readonly closedByPeerAtMs?: number;
}

const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(`${simulator}/_sim/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
};

/** Makes the next `times` calls of a vendor fail in a way. */
export const injectFault = (fault: {
  vendor: string;
  fault: string;
  times?: number;
  forMs?: number;
  on?: 'create' | 'poll' | 'list' | 'cancel' | 'asset';
  model?: string;
}) => control('POST', 'faults', fault);
export const clearFaults = () => control('DELETE', 'faults');
export const release = (hold?: string) => control('POST', 'release', hold === undefined ? {} : { hold });
export const stats = () =>
  control('GET', 'stats') as Promise<{
    openStreams: number;
    waiting: Readonly<Record<string, number>>;
    requests: number;
  }>;

/** Calls of models after the given one; `0` for all that are kept. Payments are asked about by a clock, whatever a spec does. */
export async function exchangesSince(id: number): Promise<readonly Exchange[]> {
  const { requests } = (await control('GET', `requests?since=${id}`)) as { requests: Exchange[] };
  return requests.filter(({ headers }) => headers['stripe-version'] === undefined);
}

/** Exchanges whose body holds a text. */
export async function seenContaining(text: string): Promise<readonly Exchange[]> {
  const { requests } = (await control('GET', `requests?containing=${encodeURIComponent(text)}`)) as {
    requests: Exchange[];
  };
  return requests;
}

export async function lastExchangeId(): Promise<number> {
  const exchanges = await exchangesSince(0);
  return exchanges.at(-1)?.id ?? 0;
}

/** What came to a vendor and never should have: a gateway's own sealed state. */
export async function violations(): Promise<readonly { readonly path: string; readonly what: string }[]> {
  const answer = (await control('GET', 'violations')) as { violations: { path: string; what: string }[] };
  return answer.violations;
}

export const clearViolations = () => control('DELETE', 'violations');
