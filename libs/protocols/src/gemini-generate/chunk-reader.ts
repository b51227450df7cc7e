import { BRACE_OPEN, isNull, wordTable, type MemberVisitor } from '../json-scan.js';
import { textBytes } from '../meter/text-bytes.js';
import { wordAt } from '../meter/walk-record.js';

/**
 * The members that matter, and how deep each stands on the wire. A model that calls a function names its arguments as the
 * function has it, and they are deeper: one that is called `finishReason` ends nothing.
 */
const DEPTHS = {
  usageMetadata: 1,
  error: 1,
  blockReason: 2,
  finishReason: 3,
  webSearchQueries: 4,
  text: 6,
  functionCall: 6,
  executableCode: 6,
  toolCall: 6,
  codeExecutionResult: 6,
  toolResponse: 6,
  inlineData: 6,
  fileData: 6,
  stringValue: 9,
} as const;
const KEYS = Object.keys(DEPTHS) as readonly (keyof typeof DEPTHS)[];
const TABLE = wordTable(KEYS);

/** What one chunk says, as it is walked. */
export class ChunkReader implements MemberVisitor {
  readonly keys = TABLE;
  textBytes = 0;
  /** Of arguments that come in pieces. */
  pieceBytes = 0;
  hasContent = false;
  /** Code, or the arguments of a call, which are no string: only a parser can count them. */
  wrote = false;
  called = false;
  reason: string | undefined;
  blocked = false;
  isEnd = false;
  hasUsage = false;
  hasSearches = false;
  hasError = false;

  constructor(private readonly record: Uint8Array) {}

  member(key: number, at: number, depth: number): void {
    const name = KEYS[key];
    if (name !== undefined && depth === DEPTHS[name]) this.read(name, at);
  }

  private read(name: keyof typeof DEPTHS, at: number): void {
    const { record } = this;
    switch (name) {
      case 'usageMetadata':
        this.hasUsage ||= record[at] === BRACE_OPEN;
        break;
      case 'error':
        this.hasError ||= !isNull(record, at);
        break;
      case 'blockReason':
        this.blocked ||= wordAt(record, at) !== undefined;
        this.isEnd = true;
        break;
      case 'finishReason':
        this.reason = wordAt(record, at) ?? this.reason;
        this.isEnd = true;
        break;
      case 'webSearchQueries':
        this.hasSearches = true;
        break;
      case 'text':
        this.textBytes += textBytes(record, at);
        this.hasContent ||= this.textBytes > 0;
        break;
      case 'stringValue':
        this.pieceBytes += textBytes(record, at);
        break;
      case 'functionCall':
        this.called = true;
        this.wrote = true;
        this.hasContent = true;
        break;
      case 'executableCode':
      case 'toolCall':
        this.wrote = true;
        this.hasContent = true;
        break;
      default:
        this.hasContent = true;
    }
  }
}
