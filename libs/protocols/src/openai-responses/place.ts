import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, SystemSegment, Turn } from '@bytespike/ir';

import { lookUp } from '../look-up.js';
import type { Place } from '../losses.js';
import { onceFor } from '../once-for.js';
import { itemsOf, partCount } from './items-to-ir.js';

/** Where a node stood in a Responses body: items are counted in `input`, whatever turn they became part of. */
export const placeInInput: Place = (path, asked) => {
  if (path === 'identity.endUser') return asked.identity?.endUserField ?? 'safety_identifier';
  const [group, position, ...rest] = path.split('.');
  const index = Number(position);
  const within = rest.join('.');
  if (group === 'system') return join(segmentPlace(asked.system[index]), within);
  if (group === 'tools') return join(toolPlace(asked, index), within);
  return group === 'turns' ? turnPlace(asked.turns[index], rest) : path;
};

/** The hub's words for what is inside a node, and this wire's. */
const WORDS: Readonly<Record<string, string>> = {
  cache_control: 'prompt_cache_breakpoint',
  'search.allowedDomains': 'filters.allowed_domains',
  'search.blockedDomains': 'filters.blocked_domains',
  'search.contextSize': 'search_context_size',
  'search.location': 'user_location',
  'search.offline': 'external_web_access',
};

const join = (place: string, within: string): string =>
  [place, lookUp(WORDS, within) ?? within.replace('cache_control', 'prompt_cache_breakpoint')]
    .filter((piece) => piece !== '')
    .join('.');

const segmentPlace = (segment: SystemSegment | undefined): string =>
  segment?.slot === 'message' ? `input.${itemsOf(segment.raw)?.at ?? 0}` : 'instructions';

function toolPlace({ tools }: GenerateRequest, index: number): string {
  const at = tools[index]?.raw?.value['at'];
  return typeof at === 'string' ? at : `tools.${index}`;
}

/** `parts.M` of a turn is a part of whichever item holds the M-th part. */
function turnPlace(turn: Turn | undefined, within: readonly string[]): string {
  const own = itemsOf(turn?.raw);
  if (!own) return 'input';
  const [parts, position, ...rest] = within;
  if (parts !== 'parts') {
    // A turn of several items has a field where the first of them has it.
    const holder = own.items.findIndex((item) => parts !== undefined && parts in item);
    return join(`input.${own.at + Math.max(holder, 0)}`, within.join('.'));
  }
  const holder = holdersOf(own.items)[Number(position)];
  const item = holder && own.items[holder.offset];
  if (!item) return `input.${own.at}`;
  const place = `input.${own.at + holder.offset}`;
  const isMessage = Array.isArray(item['content']) && item['type'] !== 'reasoning';
  const content = isMessage ? `${place}.content.${holder.within}` : place;
  return join(content, rest.join('.').replace(/^content(?=\.|$)/, 'output'));
}

/** For each part of a turn the item that holds it, and which of the item's parts it is. */
const holdersOf = onceFor((items: readonly JsonObject[]) =>
  items.flatMap((item, offset) => Array.from({ length: partCount(item) }, (_, within) => ({ offset, within }))),
);
