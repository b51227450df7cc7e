import { GatewayError } from '@bytespike/kernel';
import { inSpan } from '@bytespike/telemetry';
import type { QueryResult, QueryResultRow } from 'pg';

import type { Pool } from './create-pool.js';
import { isUnreachable } from './is-unreachable.js';

/** A statement that each connection prepares once, under its name. */
export interface NamedStatement {
  readonly name: string;
  readonly text: string;
}

export type Query = <Row extends QueryResultRow>(
  statement: NamedStatement,
  values: readonly unknown[],
) => Promise<QueryResult<Row>>;

/** Asks a pool, in a span. Its queries fail with `unavailable`, in these words, when the store is at fault. */
export const createQuery =
  (pool: Pool, unreachable: string): Query =>
  <Row extends QueryResultRow>(statement: NamedStatement, values: readonly unknown[]) =>
    inSpan('store', { kind: 'client', attributes: { 'db.system.name': 'postgresql' } }, () =>
      pool.query<Row>({ ...statement, values: [...values] }),
    ).catch((error: unknown) => {
      if (isUnreachable(error)) throw new GatewayError('unavailable', unreachable, { cause: error });
      throw error;
    });
