import { Delivery } from '@bytespike/contracts';
import { createQuery, type Pool, type Query } from '@bytespike/database';
import { GatewayError, LIMITS } from '@bytespike/kernel';

import { CLAIM, CLAIM_NEXT, LIST, OVERDUE, RECORD, RELEASE, RESEND } from './delivery-statements.js';
import { ATTEMPTS_MAX } from './ladder.js';

/** Which messages, and who asks. */
export interface DeliveryOwner {
  readonly taskId: string;
  readonly accountId: string;
  readonly keyId: string;
}

/** A message that we alone may send until the lease is over. */
export interface ClaimedDelivery {
  readonly deliveryId: string;
  readonly taskId: string;
  readonly accountId: string;
  readonly url: string;
  /** Attempts of the present ladder, this one not counted. */
  readonly tries: number;
  /** W3C context of the request that submitted the task. */
  readonly traceparent: string | undefined;
  /** As it stands in the row: whoever holds another one has lost it. */
  readonly leaseUntil: Date;
}

/** What follows from an attempt; `retryInMs` is absent when nothing does. */
export interface AttemptResult {
  readonly attempt: Delivery['attempts'][number];
  readonly state: Delivery['state'];
  readonly retryInMs: number | undefined;
}

interface DeliveryRow {
  readonly id: string;
  readonly task_id: string;
  readonly account_id: string;
  readonly url: string;
  readonly event: string;
  readonly state: string;
  readonly attempts: unknown;
  readonly tries: number;
  readonly next_attempt_at: Date | null;
  readonly created_at: Date;
  readonly lease_until: Date | null;
}

interface ClaimedRow extends DeliveryRow {
  readonly traceparent: string | null;
}

/** An attempt and everything around it take a third of this; a sender that died is missed as soon. */
const LEASE_SECONDS = 30;
/** A wake that is on time is not made up for. */
const GRACE_SECONDS = 2;
const MS_PER_SECOND = 1_000;
/** So that one sweep gives the lanes of an account something to do until the next one. */
const OVERDUE_PER_ACCOUNT_MAX = LIMITS.callbacksAtOncePerAccount * 2;
/** A resend may take a whole ladder. */
const ATTEMPTS_BEFORE_RESEND_MAX = LIMITS.callbackSendsMax - ATTEMPTS_MAX;

/** Messages about ended tasks, in Postgres. Its clock alone says what is due, whoever asks. */
export class DeliveryStore {
  private readonly query: Query;

  constructor(pool: Pool) {
    this.query = createQuery(pool, 'callbacks cannot be reached');
  }

  /** To send this message now; nothing where it is not due or another sends it. */
  async claim(deliveryId: string): Promise<ClaimedDelivery | undefined> {
    const { rows } = await this.query<ClaimedRow>(CLAIM, [deliveryId, LEASE_SECONDS]);
    return claimed(rows[0]);
  }

  /** To send an account's longest waiting message now. */
  async claimNext(accountId: string): Promise<ClaimedDelivery | undefined> {
    const { rows } = await this.query<ClaimedRow>(CLAIM_NEXT, [accountId, LEASE_SECONDS]);
    return claimed(rows[0]);
  }

  /** Gives back a message that was not sent. */
  async release({ deliveryId, leaseUntil }: ClaimedDelivery): Promise<void> {
    await this.query(RELEASE, [deliveryId, leaseUntil]);
  }

  async record({ deliveryId, leaseUntil }: ClaimedDelivery, result: AttemptResult): Promise<void> {
    const { attempt, state, retryInMs } = result;
    const seconds = retryInMs === undefined ? null : retryInMs / MS_PER_SECOND;
    await this.query(RECORD, [deliveryId, leaseUntil, JSON.stringify([attempt]), state, seconds]);
  }

  /** Tasks about whose end there is something to tell, and nobody does. */
  async overdue(limit: number): Promise<readonly string[]> {
    const values = [OVERDUE_PER_ACCOUNT_MAX, limit, GRACE_SECONDS];
    const { rows } = await this.query<{ readonly task_id: string }>(OVERDUE, values);
    return rows.map(({ task_id: taskId }) => taskId);
  }

  /** Errors: `task-not-found`. */
  async list({ taskId, accountId, keyId }: DeliveryOwner): Promise<readonly Delivery[]> {
    const { rows } = await this.query<DeliveryRow | NoDelivery>(LIST, [taskId, accountId, keyId]);
    if (rows.length === 0) throw new GatewayError('task-not-found', 'There is no such task.');
    return rows.filter((row) => row.id !== null).map(delivery);
  }

  /** Errors: `task-not-found`, `not-found`, `conflict` for a message that has been sent too often. */
  async resend(owner: DeliveryOwner, deliveryId: string): Promise<Delivery> {
    const known = await this.list(owner);
    if (!known.some((one) => one.deliveryId === deliveryId))
      throw new GatewayError('not-found', 'There is no such delivery of this task.');
    const { rows } = await this.query<DeliveryRow>(RESEND, [deliveryId, ATTEMPTS_BEFORE_RESEND_MAX]);
    const [row] = rows;
    if (row) return delivery(row);
    throw new GatewayError('conflict', `A message is sent ${LIMITS.callbackSendsMax} times at most.`);
  }
}

/** A task about which nothing was sent. */
interface NoDelivery {
  readonly id: null;
}

const claimed = (row: ClaimedRow | undefined): ClaimedDelivery | undefined =>
  row?.lease_until
    ? {
        deliveryId: row.id,
        taskId: row.task_id,
        accountId: row.account_id,
        url: row.url,
        tries: row.tries,
        traceparent: row.traceparent ?? undefined,
        leaseUntil: row.lease_until,
      }
    : undefined;

const delivery = (row: DeliveryRow): Delivery =>
  Delivery.parse({
    deliveryId: row.id,
    taskId: row.task_id,
    url: row.url,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at.getTime(),
    ...(row.state === 'pending' && row.next_attempt_at && { nextAttemptAt: row.next_attempt_at.getTime() }),
  });
