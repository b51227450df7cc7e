import {
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  isNull,
  skipSpace,
  wordTable,
  type MemberVisitor,
} from '../json-scan.js';
import { textBytes } from '../meter/text-bytes.js';
import { wordAt } from '../meter/walk-record.js';

const KEYS = [
  'content',
  'reasoning_content',
  'reasoning',
  'arguments',
  'refusal',
  'name',
  'input',
  'text',
  'finish_reason',
  'usage',
  'choices',
  'index',
  'error',
  'status_code',
] as const;
const TABLE = wordTable(KEYS);
/** Depths of the wire: the chunk, its `choices`, one choice. */
const CHUNK_DEPTH = 1;
const CHOICE_DEPTH = 3;
const ZERO = 0x30;

/** What one chunk says, as it is walked. */
export class ChunkReader implements MemberVisitor {
  readonly keys = TABLE;
  contentBytes = 0;
  hasContent = false;
  finish: string | undefined;
  hasUsage = false;
  noChoices = false;
  choice = 0;
  hasError = false;

  constructor(private readonly record: Uint8Array) {}

  member(key: number, at: number, depth: number): void {
    const { record } = this;
    switch (KEYS[key]) {
      case 'finish_reason':
        if (depth === CHOICE_DEPTH) this.finish = wordAt(record, at) ?? this.finish;
        break;
      case 'usage':
        this.hasUsage ||= record[at] === BRACE_OPEN && depth <= CHOICE_DEPTH;
        break;
      case 'choices':
        if (depth === CHUNK_DEPTH)
          this.noChoices = record[at] === BRACKET_OPEN && record[skipSpace(record, at + 1)] === BRACKET_CLOSE;
        break;
      case 'index':
        if (depth === CHOICE_DEPTH) this.choice = smallNumber(record, at);
        break;
      case 'error':
        this.hasError ||= depth === CHUNK_DEPTH && !isNull(record, at);
        break;
      case 'status_code':
        // MiniMax tells a failure so, in a chunk like any other; zero is its word for "fine".
        this.hasError ||= depth === CHUNK_DEPTH + 1 && record[at] !== ZERO;
        break;
      case 'name':
        this.hasContent ||= depth > CHOICE_DEPTH && textBytes(record, at) > 0;
        break;
      default:
        if (depth > CHOICE_DEPTH) this.contentBytes += textBytes(record, at);
        this.hasContent ||= this.contentBytes > 0;
    }
  }
}

const NINE = 0x39;
/** Nobody asks for a thousand choices. */
const DIGITS_MAX = 3;

/** A choice's number; `NaN` where there is none. */
function smallNumber(record: Uint8Array, at: number): number {
  let number = Number.NaN;
  for (let next = at; next < at + DIGITS_MAX; next += 1) {
    const digit = record[next] ?? 0;
    if (digit < ZERO || digit > NINE) return number;
    number = (number || 0) * 10 + (digit - ZERO);
  }
  return number;
}
