import { createQuery, type Pool, type Query } from '@bytespike/database';
import { LIMITS } from '@bytespike/kernel';

import { AnswerStore, type Claim, type Found, type KeptAnswer } from './answer-store.js';
import type { Fingerprint } from './fingerprint.js';
import type { AnswerSealer } from './seal-answer.js';
import { CLAIM, FIND, KEEP, RELEASE, RENEW, SWEEP } from './statements.js';

const KEPT_MS = LIMITS.keptAnswerHours * 3_600_000;
const SWEEP_ROWS_MAX = 200;

interface AnswerRow {
  readonly request_hash: string;
  readonly request_id: string;
  readonly status: number | null;
  readonly head: Buffer | null;
  readonly body: Buffer | null;
  readonly free: boolean;
}

/** Kept answers in Postgres; sealed before they leave this process. */
export class PgAnswerStore extends AnswerStore {
  private readonly query: Query;
  private readonly sealer: AnswerSealer;

  constructor({ pool, sealer }: { readonly pool: Pool; readonly sealer: AnswerSealer }) {
    super();
    this.query = createQuery(pool, 'kept answers cannot be reached');
    this.sealer = sealer;
  }

  override async claim({ keyId, name, requestHash, requestId }: Claim, leaseMs: number): Promise<boolean> {
    const { rows } = await this.query(CLAIM, [keyId, name, requestHash, requestId, leaseMs, KEPT_MS]);
    return rows.length > 0;
  }

  override async find(fingerprint: Fingerprint): Promise<Found> {
    const { rows } = await this.query<AnswerRow>(FIND, [fingerprint.keyId, fingerprint.name]);
    const [row] = rows;
    if (!row || row.free) return { state: 'free' };
    const { request_hash: requestHash, request_id: requestId, status, head, body } = row;
    if (status === null) return { state: 'running', requestHash, requestId };
    if (!head || !body) return { state: 'given-once', requestHash, requestId };
    const answer = await this.sealer.open({ head, body }, fingerprint);
    return { state: 'kept', requestHash, answer: { requestId, status, ...answer } };
  }

  override async renew(claims: readonly Claim[], leaseMs: number): Promise<ReadonlySet<string>> {
    const columns = [
      claims.map(({ keyId }) => keyId),
      claims.map(({ name }) => name),
      claims.map(({ requestId }) => requestId),
    ];
    const { rows } = await this.query<{ readonly request_id: string }>(RENEW, [...columns, leaseMs]);
    return new Set(rows.map(({ request_id: requestId }) => requestId));
  }

  override async keep(claim: Claim, answer: KeptAnswer | 'given-once'): Promise<boolean> {
    const { keyId, name, requestId } = claim;
    const columns = answer === 'given-once' ? GIVEN_ONCE : await this.sealed(claim, answer);
    const { rows } = await this.query(KEEP, [keyId, name, requestId, ...columns, KEPT_MS]);
    return rows.length > 0;
  }

  override async release({ keyId, name, requestId }: Claim): Promise<void> {
    await this.query(RELEASE, [keyId, name, requestId]);
  }

  override async sweep(): Promise<number> {
    const { rowCount } = await this.query(SWEEP, [SWEEP_ROWS_MAX]);
    return rowCount ?? 0;
  }

  private async sealed(claim: Claim, { status, headers, body }: KeptAnswer): Promise<readonly unknown[]> {
    const sealed = await this.sealer.seal({ headers, body }, claim);
    return [status, sealed.head, sealed.body];
  }
}

/** A status without a body: it was answered, and the answer is not here. */
const GIVEN_ONCE = [200, null, null];
