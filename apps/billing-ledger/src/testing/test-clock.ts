import type { Pool } from '@bytespike/database';

/** A clock of the database that stands where a test puts it. */
export interface TestClock {
  /** For the sessions that are to go by it. */
  readonly session: { readonly search_path: string };
  set(epochMs: number): Promise<void>;
}

/**
 * Gives a test the clock of its database: in sessions with this search path `now()` is a function of the test's, found before
 * the server's own. The ledger's statements are sent as they are, and know nothing of it.
 */
export async function withTestClock(owner: Pool): Promise<TestClock> {
  await owner.query(`
    CREATE SCHEMA clock;
    CREATE TABLE clock.hand (moment TIMESTAMPTZ NOT NULL);
    INSERT INTO clock.hand VALUES (pg_catalog.now());
    CREATE FUNCTION clock.now() RETURNS TIMESTAMPTZ LANGUAGE sql STABLE AS 'SELECT moment FROM clock.hand';
    GRANT USAGE ON SCHEMA clock TO PUBLIC;
    GRANT SELECT ON clock.hand TO PUBLIC`);
  return {
    session: { search_path: 'clock,pg_catalog' },
    set: async (epochMs) => {
      await owner.query('UPDATE clock.hand SET moment = to_timestamp($1::float8 / 1000)', [epochMs]);
    },
  };
}
