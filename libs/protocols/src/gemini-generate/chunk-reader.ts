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
} as const;
const KEYS = Object.keys(DEPTHS) as readonly (keyof typeof DEPTHS)[];
const TABLE = wordTable(KEYS);

/** What one chunk says, as it is walked. */
export class ChunkReader implements MemberVisitor {
  readonly keys = TABLE;
  /** Of its texts. */
  contentBytes = 0;
  hasContent = false;
  /** Whether there is code in it, or a call: what they say, only a parser can count. */
  hasArguments = false;
  hasCall = false;
  reason: string | undefined;
  isBlocked = false;
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
        this.isBlocked ||= wordAt(record, at) !== undefined;
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
        this.contentBytes += textBytes(record, at);
        this.hasContent ||= this.contentBytes > 0;
        break;
      case 'functionCall':
        this.hasCall = true;
        this.hasArguments = true;
        this.hasContent = true;
        break;
      case 'executableCode':
      case 'toolCall':
        this.hasArguments = true;
        this.hasContent = true;
        break;
      default:
        this.hasContent = true;
    }
  }
}
