import {
  asciiText,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  isNull,
  QUOTE,
  skipSpace,
  walkValue,
  wordTable,
  type MemberVisitor,
} from '../json-scan.js';
import type { OfferedSearches } from './peeked-body.js';

const KEYS = wordTable([
  'type',
  'max_uses',
  // Where a tool has no type, a member names it, in either of its spellings.
  'googleSearch',
  'google_search',
  'googleSearchRetrieval',
  'google_search_retrieval',
  'enterpriseWebSearch',
  'enterprise_web_search',
]);
const TYPE = 0;
const MAX_USES = 1;

/** Where the members of a tool stand: in an object in the list of them. Deeper are a function's own names. */
const TOOL_DEPTH = 2;

/** Versions of the search differ in the date behind. */
const SEARCH = 'web_search';

const COUNT = /^[1-9]\d{0,8}(?=[\s,}])/;
const COUNT_BYTES_MAX = 10;

/** What one walk over the tools has met. */
class ToolScan implements MemberVisitor {
  readonly keys = KEYS;
  readonly searches = { bounded: 0, usesMax: 0, unbounded: 0 };
  private isSearch = false;
  private usesMax: number | undefined;

  constructor(private readonly bytes: Uint8Array) {}

  member(key: number, valueAt: number, depth: number): void {
    if (depth !== TOOL_DEPTH || isNull(this.bytes, valueAt)) return;
    if (key === MAX_USES) this.usesMax = this.countAt(valueAt);
    else this.isSearch ||= key !== TYPE || this.isSearchType(valueAt);
  }

  comma(depth: number): void {
    if (depth === 1) this.endTool();
  }

  endTool(): void {
    if (this.isSearch && this.usesMax === undefined) this.searches.unbounded += 1;
    else if (this.isSearch) {
      this.searches.bounded += 1;
      this.searches.usesMax += this.usesMax ?? 0;
    }
    this.isSearch = false;
    this.usesMax = undefined;
  }

  private isSearchType(at: number): boolean {
    return this.bytes[at] === QUOTE && asciiText(this.bytes, at + 1, at + 1 + SEARCH.length) === SEARCH;
  }

  /** Undefined for what its vendor will refuse, or may take for no bound at all. */
  private countAt(at: number): number | undefined {
    const digits = COUNT.exec(asciiText(this.bytes, at, at + COUNT_BYTES_MAX))?.[0];
    return digits === undefined ? undefined : Number(digits);
  }
}

export interface ToolFacts {
  readonly end: number;
  readonly hasTools: boolean;
  readonly searches: OfferedSearches;
}

/** Walks the tools at `from` once, and tells the searches among them that their vendor makes. */
export function readTools(bytes: Uint8Array, from: number): ToolFacts {
  const scan = new ToolScan(bytes);
  const end = walkValue(bytes, from, scan);
  scan.endTool();
  const hasTools = bytes[from] === BRACKET_OPEN && bytes[skipSpace(bytes, from + 1)] !== BRACKET_CLOSE;
  return { end, hasTools, searches: scan.searches };
}
