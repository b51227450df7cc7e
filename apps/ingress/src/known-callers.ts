import type { Bus, Served } from '@bytespike/bus';
import { configuration, routing, type ClientFor, type Principal } from '@bytespike/contracts';
import { LRUCache } from 'lru-cache';

export const KNOWN_CALLERS_LIMITS = {
  /** A key used from several addresses is known once for each. */
  callersMax: 20_000,
  /** Changes are announced and heeded at once; this is how long a lost announcement, or an expiry, can matter. */
  freshMs: 5_000,
  /** The router may hear of a change later than we do, so what it answers this soon after is not kept. */
  settlingMs: 1_000,
  /** Changed keys remembered as such; beyond it every caller is asked about again. */
  changesMax: 10_000,
} as const;

export interface KnownCallersPorts {
  readonly routing: Pick<ClientFor<typeof routing>, 'authenticate'>;
  readonly now: () => number;
}

export interface Credentials {
  readonly keyDigest: string;
  readonly clientAddress: string;
}

interface Answer {
  readonly askedAt: number;
  readonly principal: Promise<Principal>;
}

/**
 * Who asks, remembered for seconds: most requests come from a key that was used a moment ago. Only who was admitted is
 * remembered, for one address, since a key's IP rules may refuse the next. Those who ask at the same time share one
 * question.
 */
export class KnownCallers {
  private readonly answers = new LRUCache<string, Answer>({ max: KNOWN_CALLERS_LIMITS.callersMax });
  private readonly changedAt = new Map<string, number>();
  private allChangedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly ports: KnownCallersPorts) {}

  /** The owner of a key that may be used from this address. Throws what `routing.authenticate` throws. */
  find({ keyDigest, clientAddress }: Credentials, requestId: string): Promise<Principal> {
    const caller = `${keyDigest} ${clientAddress}`;
    const now = this.ports.now();
    const known = this.answers.get(caller);
    if (known && this.holds(known.askedAt, keyDigest, now)) return known.principal;
    const principal = this.ask({ keyDigest, clientAddress }, requestId, now);
    const answer = { askedAt: now, principal };
    this.answers.set(caller, answer);
    principal.catch(() => {
      if (this.answers.peek(caller) === answer) this.answers.delete(caller);
    });
    return principal;
  }

  /** Believes nothing any more that was, or is being, answered about these keys. */
  drop(keyDigests: readonly string[]): void {
    const now = this.ports.now();
    if (this.changedAt.size + keyDigests.length > KNOWN_CALLERS_LIMITS.changesMax) {
      this.changedAt.clear();
      this.allChangedAt = now;
      return;
    }
    for (const digest of keyDigests) this.changedAt.set(digest, now);
  }

  get size(): number {
    return this.answers.size;
  }

  private holds(askedAt: number, keyDigest: string, now: number): boolean {
    const changedAt = Math.max(this.allChangedAt, this.changedAt.get(keyDigest) ?? Number.NEGATIVE_INFINITY);
    return now - askedAt < KNOWN_CALLERS_LIMITS.freshMs && askedAt - changedAt >= KNOWN_CALLERS_LIMITS.settlingMs;
  }

  /** The question outlives whoever asked it first: others may be waiting for the same answer. */
  private ask(credentials: Credentials, requestId: string, now: number): Promise<Principal> {
    const deadline = now + routing.authenticate.timeoutMs;
    return this.ports.routing.authenticate(credentials, { requestId, deadline, signal: new AbortController().signal });
  }
}

/** Keeps what is remembered true from the moment a key is changed, rotated or revoked. */
export const hearKeyChanges = (bus: Bus, callers: KnownCallers): Promise<Served> =>
  bus.subscribe(configuration.keyChanged, { mode: 'broadcast' }, async (changes) => {
    for (const { keyDigests } of changes) callers.drop(keyDigests);
  });
