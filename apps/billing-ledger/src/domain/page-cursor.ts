import { GatewayError } from '@bytespike/kernel';

/** Where a page begins: strictly after this row, newest first. */
export interface PagePosition {
  readonly at: number;
  readonly requestId: string;
}

/** A position as callers carry it; they are not to read it. */
export const writeCursor = ({ at, requestId }: PagePosition): string =>
  Buffer.from(`${at}:${requestId}`).toString('base64url');

/** Whoever makes one up finds nothing, or is refused: no control character is in an id, and Postgres takes no NUL. */
export function readCursor(cursor: string): PagePosition {
  const match = /^(\d{1,15}):(\P{Cc}{1,200})$/u.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!match?.[1] || !match[2]) throw new GatewayError('invalid-request', 'The cursor is not one of ours.');
  return { at: Number(match[1]), requestId: match[2] };
}
