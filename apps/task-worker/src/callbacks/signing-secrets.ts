import { createQuery, type NamedStatement, type Pool, type Query } from '@bytespike/database';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { seal, unseal } from '@bytespike/secrets';
import { ulid } from 'ulid';

import { newSigningSecret } from './webhook-signature.js';

const LIVE: NamedStatement = {
  name: 'callbacks-live-secrets',
  text: `
    SELECT id, sealed FROM tasks.signing_secret
    WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > now())
    ORDER BY expires_at DESC NULLS FIRST
    LIMIT $2`,
};

const FIRST: NamedStatement = {
  name: 'callbacks-first-secret',
  text: `
    INSERT INTO tasks.signing_secret (id, account_id, sealed) VALUES ($1, $2, $3)
    ON CONFLICT (account_id) WHERE expires_at IS NULL DO NOTHING`,
};

/**
 * The old one is expired before the new one is written: the insert reads what the update has done. Of those replaced before,
 * `$5` are kept. It outlasts every one of them, within one millisecond or with a clock set back too: how they end is the
 * order in which they came.
 */
const ROTATE: NamedStatement = {
  name: 'callbacks-rotate-secret',
  text: `
    WITH replaced AS (
      UPDATE tasks.signing_secret SET expires_at = greatest(
        now() + make_interval(hours => $4),
        (SELECT max(expires_at) + interval '1 millisecond' FROM tasks.signing_secret WHERE account_id = $2)
      )
      WHERE account_id = $2 AND expires_at IS NULL
      RETURNING expires_at
    ), before AS (SELECT max(expires_at) AS until FROM replaced
    ), forgotten AS (
      DELETE FROM tasks.signing_secret WHERE id IN (
        SELECT id FROM tasks.signing_secret WHERE account_id = $2 AND expires_at IS NOT NULL
        ORDER BY expires_at DESC OFFSET $5
      )
    )
    INSERT INTO tasks.signing_secret (id, account_id, sealed) SELECT $1, $2, $3 FROM before
    ON CONFLICT (account_id) WHERE expires_at IS NULL DO NOTHING
    RETURNING (SELECT until FROM before) AS previous_until`,
};

const FORGET: NamedStatement = {
  name: 'callbacks-forget-secrets',
  text: 'DELETE FROM tasks.signing_secret WHERE expires_at <= now()',
};

/** Beside the new one, and the one it replaces. */
const REPLACED_KEPT = LIMITS.callbackSecretsMax - 2;

/** Two who rotate at once: the second replaces the first one's secret. More than a few at once is a loop of somebody's. */
const ROTATIONS_AT_ONCE_MAX = 5;

interface SecretRow {
  readonly id: string;
  readonly sealed: string;
}

export interface RotatedSecret {
  readonly secret: string;
  /** Absent where there was none before. */
  readonly previousUntil: Date | undefined;
}

/** What the callbacks of an account are signed with; at rest it is sealed, each under its own row's id. */
export class SigningSecrets {
  private readonly query: Query;

  constructor(
    pool: Pool,
    private readonly key: Buffer,
  ) {
    this.query = createQuery(pool, 'the secrets of callbacks cannot be reached');
  }

  /** Every secret that signs now, the newest first; an account that has none gets its first one here. */
  async ofAccount(accountId: string): Promise<readonly string[]> {
    const live = await this.live(accountId);
    if (live.length > 0) return live;
    const { id, sealed } = this.make();
    await this.query(FIRST, [id, accountId, sealed]);
    return this.live(accountId);
  }

  /** A new secret; the one before signs beside it for a day. */
  async rotate(accountId: string): Promise<RotatedSecret> {
    for (let tries = 0; tries < ROTATIONS_AT_ONCE_MAX; tries += 1) {
      const { id, sealed, secret } = this.make();
      const values = [id, accountId, sealed, LIMITS.callbackSecretOverlapHours, REPLACED_KEPT];
      const { rows } = await this.query<{ readonly previous_until: Date | null }>(ROTATE, values);
      const [row] = rows;
      if (row) return { secret, previousUntil: row.previous_until ?? undefined };
    }
    throw new GatewayError('conflict', 'The secret is being rotated by others right now.');
  }

  async forgetExpired(): Promise<number> {
    const { rowCount } = await this.query(FORGET, []);
    return rowCount ?? 0;
  }

  private async live(accountId: string): Promise<readonly string[]> {
    const { rows } = await this.query<SecretRow>(LIVE, [accountId, LIMITS.callbackSecretsMax]);
    return rows.map(({ id, sealed }) => unseal(sealed, id, this.key));
  }

  private make(): SecretRow & { readonly secret: string } {
    const [id, secret] = [ulid(), newSigningSecret()];
    return { id, secret, sealed: seal(secret, id, this.key) };
  }
}
