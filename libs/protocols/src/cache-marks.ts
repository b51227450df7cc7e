import type { ProtocolName } from '@bytespike/kernel';
import type { CacheMark, GenerateRequest, Part, Raw, ToolResultContent } from '@bytespike/ir';

import type { LossList } from './losses.js';

type Marked = Pick<GenerateRequest, 'tools' | 'system' | 'turns' | 'caching'>;
interface Node {
  readonly cache?: CacheMark;
  readonly raw?: Raw;
}

/** What a vendor takes of marks, and how its wire writes them. */
export interface MarkRules {
  readonly protocol: ProtocolName;
  readonly field: 'cache_control' | 'prompt_cache_breakpoint';
  readonly marksMax: number;
  /** The lifetimes that can be said, and what stands for the others: the nearest that is not shorter. */
  readonly lifetimes: Readonly<Record<NonNullable<CacheMark['ttl']>, CacheMark['ttl']>>;
  /** Whether a longer lifetime may follow a shorter one. */
  readonly lifetimesMix: 'freely' | 'longest-first';
}

/** What becomes of each mark, by its path. */
interface Verdict {
  readonly dropped: ReadonlySet<string>;
  readonly lengthened: ReadonlyMap<string, NonNullable<CacheMark['ttl']>>;
  readonly field: MarkRules['field'];
}

interface Mark {
  readonly path: string;
  readonly cache: CacheMark;
  readonly isOwn: boolean;
}

/** Instructions of one part are named as a whole: that is how they stand on this wire. */
const systemPath = ({ length }: readonly unknown[], index: number, at: number): string =>
  length === 1 ? `system.${index}` : `system.${index}.parts.${at}`;

/** Every mark in the order in which the vendor renders what it stands on: tools, system, messages. */
function marksOf({ tools, system, turns }: Marked, protocol: ProtocolName): readonly Mark[] {
  const mark = (node: Node, path: string): Mark[] =>
    node.cache ? [{ path, cache: node.cache, isOwn: node.raw?.protocol === protocol }] : [];
  return [
    ...tools.flatMap((tool, index) => mark(tool, `tools.${index}`)),
    ...system.flatMap(({ parts }, index) => parts.flatMap((part, at) => mark(part, systemPath(parts, index, at)))),
    ...turns.flatMap(({ parts }, index) =>
      parts.flatMap((part, at) => {
        const path = `turns.${index}.parts.${at}`;
        const inner = part.type === 'tool-result' ? part.content : [];
        return [...inner.flatMap((node, nth) => mark(node, `${path}.content.${nth}`)), ...mark(part, path)];
      }),
    ),
  ];
}

/**
 * The request with no more marks than its vendor takes: the oldest go first (protocols 2.12). Lifetimes that another
 * wire gave are rounded up, and a longer one may not follow a shorter one.
 */
export function limitMarks<Request extends Marked>(request: Request, rules: MarkRules, losses: LossList): Request {
  const marks = marksOf(request, rules.protocol);
  const auto = request.caching?.auto ? 1 : 0;
  const excess = Math.max(0, marks.length - Math.max(0, rules.marksMax - auto));
  const dropped = marks.slice(0, excess).map(({ path }) => path);
  for (const path of dropped) losses.drop('L83', `${path}.cache_control`);
  const lengthened = lengthenedMarks(marks.slice(excess), rules);
  for (const path of lengthened.keys()) losses.approximate('L83', `${path}.cache_control`);
  if (excess === 0 && lengthened.size === 0) return request;
  return withVerdict(request, { dropped: new Set(dropped), lengthened, field: rules.field });
}

function lengthenedMarks(kept: readonly Mark[], { lifetimes, lifetimesMix }: MarkRules): Verdict['lengthened'] {
  const ttls = kept.map(({ cache }) => cache.ttl && lifetimes[cache.ttl]);
  const lastHour = lifetimesMix === 'longest-first' ? ttls.lastIndexOf('1h') : -1;
  return new Map(
    kept.flatMap(({ path, cache, isOwn }, index) => {
      const ttl = index < lastHour ? '1h' : ttls[index];
      return isOwn || ttl === undefined || ttl === cache.ttl ? [] : [[path, ttl] as const];
    }),
  );
}

function withVerdict<Request extends Marked>(request: Request, verdict: Verdict): Request {
  return {
    ...request,
    tools: request.tools.map((tool, index) => judged(tool, `tools.${index}`, verdict)),
    system: request.system.map((segment, index) => {
      const parts = segment.parts.map((part, at) => judged(part, systemPath(segment.parts, index, at), verdict));
      if (parts.every((part, at) => part === segment.parts[at])) return segment;
      const { raw, ...rest } = segment;
      // Where a block is all there is of a segment, both keep the same form.
      const same = raw && raw.value === segment.parts[0]?.raw?.value;
      return { ...rest, parts, ...(same && parts[0]?.raw && { raw: parts[0].raw }) };
    }),
    turns: request.turns.map((turn, index) => {
      const parts = turn.parts.map((part, at) => judgedPart(part, `turns.${index}.parts.${at}`, verdict));
      return parts.every((part, at) => part === turn.parts[at]) ? turn : { ...turn, parts };
    }),
  };
}

function judgedPart(part: Part, path: string, verdict: Verdict): Part {
  const outer = judged(part, path, verdict);
  if (outer.type !== 'tool-result') return outer;
  const content = outer.content.map((node, nth): ToolResultContent => judged(node, `${path}.content.${nth}`, verdict));
  if (content.every((node, nth) => node === outer.content[nth])) return outer;
  const { raw: _raw, ...rest } = outer;
  return { ...rest, content };
}

function judged<N extends Node>(node: N, path: string, { dropped, lengthened, field }: Verdict): N {
  const ttl = lengthened.get(path);
  if (ttl) return { ...node, cache: { ttl } };
  if (!dropped.has(path)) return node;
  const { cache: _cache, ...rest } = node;
  if (!node.raw) return rest as N;
  const { [field]: _mark, ...value } = node.raw.value;
  return { ...rest, raw: { ...node.raw, value } } as N;
}
