import pg from 'pg';

/** What a pool may take up, and how its sessions are set. */
export interface PoolSettings {
  readonly max: number;
  /** The server gives up on a statement after this long; nobody waits for it any more. */
  readonly statementTimeoutMs: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Server settings for every session of the pool, such as `{ plan_cache_mode: 'force_generic_plan' }`. */
  readonly session?: Readonly<Record<string, string>>;
}

export type Pool = pg.Pool;

const CONNECT_TIMEOUT_MS = 3_000;
const IDLE_TIMEOUT_MS = 60_000;
const EIGHT_BYTE_INTEGER_OID = 20;

/** Money is `bigint` end to end; pg's own default is a string, which compares and adds wrongly. */
const typesWithBigint: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === EIGHT_BYTE_INTEGER_OID && format !== 'binary'
      ? BigInt
      : pg.types.getTypeParser(oid, format as 'text')) as typeof pg.types.getTypeParser,
};

/**
 * A pool for raw SQL. A connection that breaks, be it idle or between two statements of a transaction, is dropped and replaced;
 * only queries report errors.
 */
export function createPool(url: string, settings: PoolSettings): Pool {
  const session = Object.entries(settings.session ?? {}).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({
    connectionString: url,
    max: settings.max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    // pg never gives up on a server that has gone silent; the client-side limit is a little later than the server's.
    statement_timeout: settings.statementTimeoutMs,
    query_timeout: settings.statementTimeoutMs + 1_000,
    application_name: settings.applicationName,
    types: typesWithBigint,
    ...(session.length > 0 && { options: session.join(' ') }),
  });
  pool.on('error', () => undefined);
  // The pool listens to connections that are idle. One that somebody holds would end the process by an error nobody heard.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
