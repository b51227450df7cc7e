import type { GenerateRequest, Turn } from '@bytespike/ir';

import { lookUp } from '../look-up.js';
import type { Place } from '../losses.js';
import { isLegacyTool, searchFieldOf } from './tools-to-ir.js';

/** The hub's words for the bounds of a search, and this wire's. */
const SEARCH_WORDS: Readonly<Record<string, string>> = {
  'search.allowedDomains': 'filters.allowed_domains',
  'search.contextSize': 'search_context_size',
  'search.location': 'user_location',
};

/** Where a node stood in a Chat body: leading instructions are messages too, and calls and thoughts have fields. */
export const placeInChat: Place = (path, asked) => {
  if (path === 'identity.endUser') return asked.identity?.endUserField ?? 'safety_identifier';
  const [group, position, ...rest] = path.split('.');
  const index = Number(position);
  const found =
    group === 'system'
      ? ['messages', index, ...inContent(rest)]
      : group === 'tools'
        ? toolPlace(asked, index, rest)
        : group === 'turns'
          ? ['messages', index + leading(asked), ...inTurn(asked.turns[index], rest)]
          : [path];
  return found.join('.').replace('cache_control', 'prompt_cache_breakpoint');
};

type Steps = readonly (string | number)[];

const leading = ({ system }: GenerateRequest): number => system.filter(({ slot }) => slot === 'message').length;

const inContent = ([first, ...rest]: readonly string[]): Steps =>
  first === 'parts' ? ['content', ...rest] : first === undefined ? [] : [first, ...rest];

function inTurn(turn: Turn | undefined, rest: readonly string[]): Steps {
  const [group, position, ...within] = rest;
  const parts = turn?.parts ?? [];
  const part = group === 'parts' ? parts[Number(position)] : undefined;
  if (turn?.role !== 'assistant' || !part) return part?.type === 'tool-result' ? within : inContent(rest);
  if (part.type === 'reasoning') return ['reasoning_content'];
  const before = parts.slice(0, Number(position));
  if (part.type === 'tool-call')
    return ['tool_calls', before.filter(({ type }) => type === 'tool-call').length, ...within];
  return ['content', before.filter(({ type }) => type !== 'reasoning').length, ...within];
}

/** Tools come first in the hub, functions of the oldest form behind them, and a search last. */
function toolPlace({ tools }: GenerateRequest, index: number, rest: readonly string[]): Steps {
  const tool = tools[index];
  if (tool?.kind === 'hosted' && tool.family === 'web-search') {
    const within = rest.join('.');
    const field = searchFieldOf(tool) ?? 'web_search_options';
    return [field, ...(field === 'tools' ? [index] : []), ...(within ? [lookUp(SEARCH_WORDS, within) ?? within] : [])];
  }
  const isLegacy = (one: GenerateRequest['tools'][number]): boolean =>
    one.kind === 'function' && one.raw !== undefined && isLegacyTool(one.raw.value);
  if (!tool || !isLegacy(tool)) return ['tools', index, ...(rest.length > 0 && tool ? [tool.kind] : []), ...rest];
  return ['functions', tools.slice(0, index).filter(isLegacy).length, ...rest];
}
