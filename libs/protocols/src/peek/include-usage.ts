import { BRACE_CLOSE, isNull, skipSpace } from '../json-scan.js';
import type { PeekDialect } from './dialect.js';
import type { Draft } from './draft.js';
import type { IncludeUsage } from './peeked-body.js';

const REPORTED: IncludeUsage = { state: 'reported' };

/** The splice that asks for a usage report, if this request needs one. A client that declined it gets none: the
 * report is withheld again, so that what it receives is what it asked for. */
export function includeUsage(draft: Draft, bytes: Uint8Array, bodyAt: number, dialect: PeekDialect): IncludeUsage {
  const { usageWanted: wanted, usageContainer: container, stream } = draft;
  const ask = dialect.askForUsage;
  if (ask === undefined || !stream || wanted?.asked === true) return REPORTED;
  if (wanted !== undefined) return replacing(wanted, 'true');
  const member = `"${ask.key}":true`;
  if (container === undefined) return inserting(bodyAt + 1, `"${ask.container}":{${member}},`);
  if (isNull(bytes, container.at)) return replacing(container, `{${member}}`);
  const empty = bytes[skipSpace(bytes, container.at + 1)] === BRACE_CLOSE;
  return inserting(container.at + 1, empty ? member : `${member},`);
}

const replacing = ({ at, end }: { at: number; end: number }, text: string): IncludeUsage => ({
  state: 'askable',
  edit: { at, length: end - at, text },
});

const inserting = (at: number, text: string): IncludeUsage => ({ state: 'askable', edit: { at, length: 0, text } });
