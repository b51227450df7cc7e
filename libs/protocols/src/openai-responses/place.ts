import type { GenerateRequest, SystemSegment, Turn } from '@bytespike/ir';

import type { Place } from '../losses.js';
import { itemsOf, partsOf } from './items-to-ir.js';
import type { WireItem } from './schema-items.js';

/** Where a node stood in a Responses body: items are counted in `input`, whatever turn they became part of. */
export const placeInInput: Place = (path, asked) => {
  const [group, position, ...rest] = path.split('.');
  const index = Number(position);
  const within = rest.join('.');
  if (group === 'system') return join(segmentPlace(asked.system[index]), within);
  if (group === 'tools') return join(toolPlace(asked, index), within);
  return group === 'turns' ? turnPlace(asked.turns[index], rest) : path;
};

const join = (place: string, within: string): string =>
  [place, within.replace('cache_control', 'prompt_cache_breakpoint')].filter((piece) => piece !== '').join('.');

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
  if (parts !== 'parts') return join(`input.${own.at}`, within.join('.'));
  let left = Number(position);
  for (const [offset, item] of own.items.entries()) {
    const count = partsOf(item as WireItem, own.at + offset).length;
    if (left >= count) {
      left -= count;
      continue;
    }
    const place = `input.${own.at + offset}`;
    const isMessage = Array.isArray(item['content']) && item['type'] !== 'reasoning';
    const content = isMessage ? `${place}.content.${left}` : place;
    return join(content, rest.join('.').replace(/^content(?=\.|$)/, 'output'));
  }
  return `input.${own.at}`;
}
