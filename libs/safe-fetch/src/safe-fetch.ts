import type { Readable } from 'node:stream';

import { GatewayError } from '@bytespike/kernel';
import type { Client, Dispatcher } from 'undici';

import type { AddressRules } from './address-rules.js';
import { bounded, decoded, refuseAnnounced } from './bounded-body.js';
import { readForeignUrl } from './foreign-url.js';
import { openPinned } from './pinned-client.js';
import { fetchFailure, refused } from './refused.js';
import { allowedAddresses, resolveByDns, type ResolveHost } from './resolve-host.js';

/** Which addresses may be called, and who resolves names: DNS, unless said. */
export interface SafeFetchOptions {
  readonly rules: AddressRules;
  readonly resolve?: ResolveHost | undefined;
}

interface ForeignRequest {
  readonly url: string;
  /** Lower-case names. A redirect to another origin is not told them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Longest time for all of it, the reading of the body included. */
  readonly totalMs: number;
  readonly signal: AbortSignal;
}

/** What is fetched, and what of it is taken. */
export interface ForeignGet extends ForeignRequest {
  /** Counted after decoding. */
  readonly bytesMax: number;
  /** Judges a content type in lower case, without its parameters; empty where none is given. */
  readonly accepts: (contentType: string) => boolean;
}

/** What lay at an address. */
export interface ForeignBody {
  readonly contentType: string;
  /** To be read to its end or destroyed. Ends with `too-large`, `cancelled` or the one refusal, if not well. */
  readonly body: Readable;
}

/** What an address is told. */
export interface ForeignPost extends ForeignRequest {
  readonly body: string;
}

/** Calls of addresses that somebody gave us. */
export interface SafeFetch {
  /** What an address holds. Throws `too-large`, `cancelled`, or the one refusal for everything else. */
  get(request: ForeignGet): Promise<ForeignBody>;
  /**
   * Tells an address something and returns the status of its answer, whatever it is; a redirect is an answer. Throws
   * `cancelled`, or the one refusal also where nobody answers.
   */
  post(request: ForeignPost): Promise<{ readonly status: number }>;
}

const REDIRECTS_MAX = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
/** As much of an answer to a `post` is read for the sake of a polite end. Nobody is shown it. */
const ANSWER_BYTES_MAX = 16 * 1024;
const OUR_HEADERS = { 'user-agent': 'ByteSpike', 'accept-encoding': 'identity' };

interface Answer {
  readonly client: Client;
  readonly response: Dispatcher.ResponseData;
}

/** Calls addresses that customers and vendors gave us, none of which may lead to a place inside. */
export function createSafeFetch({ rules, resolve = resolveByDns }: SafeFetchOptions): SafeFetch {
  const ask = async (url: URL, signal: AbortSignal, options: Partial<Dispatcher.RequestOptions>): Promise<Answer> => {
    const addresses = await untilAborted(allowedAddresses(url, { resolve, rules, signal }), signal);
    const client = openPinned(url, addresses);
    try {
      const path = url.pathname + url.search;
      return { client, response: await client.request({ path, method: 'GET', ...options, signal }) };
    } catch (thrown) {
      await client.destroy();
      throw thrown;
    }
  };

  const follow = async ({ url: text, headers = {} }: ForeignGet, signal: AbortSignal): Promise<Answer> => {
    let url = readForeignUrl(text, rules);
    let told = headers;
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      const answer = await ask(url, signal, { headers: { ...OUR_HEADERS, ...told } });
      if (!REDIRECTS.includes(answer.response.statusCode)) return answer;
      await answer.client.destroy();
      const next = redirectedTo(answer.response, url, rules);
      if (next.origin !== url.origin) told = {};
      url = next;
    }
    throw refused('redirect');
  };

  return {
    async get(request) {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(request.totalMs)]);
      try {
        const answer = await follow(request, signal);
        return openBody(answer, request, signal);
      } catch (thrown) {
        throw fetchFailure(thrown, request.signal);
      }
    },
    async post({ url, headers, body, totalMs, signal: caller }) {
      const signal = AbortSignal.any([caller, AbortSignal.timeout(totalMs)]);
      try {
        const options = { method: 'POST', headers: { ...OUR_HEADERS, ...headers }, body } as const;
        const { client, response } = await ask(readForeignUrl(url, rules), signal, options);
        // What an answer says after its status is nothing to us, not even how it ends.
        await response.body.dump({ limit: ANSWER_BYTES_MAX, signal }).catch(() => undefined);
        await client.destroy();
        return { status: response.statusCode };
      } catch (thrown) {
        throw fetchFailure(thrown, caller);
      }
    },
  };
}

/** Where a redirect leads, judged as if a customer had given it. */
function redirectedTo({ headers }: Dispatcher.ResponseData, from: URL, rules: AddressRules): URL {
  const { location } = headers;
  const target = typeof location === 'string' ? URL.parse(location, from.href) : null;
  if (!target) throw refused('redirect');
  return readForeignUrl(target.href, rules);
}

function openBody({ client, response }: Answer, request: ForeignGet, deadline: AbortSignal): ForeignBody {
  const { headers, statusCode } = response;
  const close = (): void => void client.destroy();
  try {
    if (statusCode !== 200) throw refused('status', statusCode);
    const contentType = single(headers['content-type']).split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (!request.accepts(contentType))
      throw new GatewayError('invalid-request', 'what the address holds is not of a type that is taken here');
    const encoding = single(headers['content-encoding']);
    if (encoding === '') refuseAnnounced(single(headers['content-length']) || undefined, request.bytesMax);
    const body = bounded(decoded(response.body, encoding), request);
    // Also where nobody ever reads it.
    deadline.addEventListener('abort', close, { once: true });
    body.once('close', () => {
      deadline.removeEventListener('abort', close);
      close();
    });
    return { contentType, body };
  } catch (thrown) {
    close();
    throw thrown;
  }
}

const single = (header: string | string[] | undefined): string =>
  Array.isArray(header) ? header.join(', ') : (header ?? '');

/** For work that cannot be cancelled: whoever waits for it is let go. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', leave));
}
