import type { GenerateRequest, Part, ToolDefinition, Turn } from '@bytespike/ir';

import { lookUp } from '../look-up.js';
import { leadingMessages, type Place } from '../losses.js';
import { onceFor } from '../once-for.js';
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
  // The oldest form has room for one call: its functions themselves are what asks for no more.
  if (path === 'parallelTools') return asked.tools.some(isLegacy) ? 'functions' : 'parallel_tool_calls';
  const [group, position, ...rest] = path.split('.');
  const index = Number(position);
  const found =
    group === 'system'
      ? ['messages', index, ...inContent(rest)]
      : group === 'tools'
        ? toolPlace(asked, index, rest)
        : group === 'turns'
          ? ['messages', index + leadingMessages(asked.system), ...inTurn(asked.turns[index], rest)]
          : [path];
  return found.join('.').replace('cache_control', 'prompt_cache_breakpoint');
};

type Steps = readonly (string | number)[];

const inContent = ([first, ...rest]: readonly string[]): Steps =>
  first === 'parts' ? ['content', ...rest] : first === undefined ? [] : [first, ...rest];

function inTurn(turn: Turn | undefined, rest: readonly string[]): Steps {
  const [group, position, ...within] = rest;
  const parts = turn?.parts ?? [];
  const part = group === 'parts' ? parts[Number(position)] : undefined;
  if (turn?.role !== 'assistant' || !part) return part?.type === 'tool-result' ? within : inContent(rest);
  if (part.type === 'reasoning') return ['reasoning_content'];
  const { calls = 0, said = 0 } = countsBefore(parts)[Number(position)] ?? {};
  const inCall = within[0] === 'arguments' ? ['function', ...within] : within;
  return part.type === 'tool-call' ? ['tool_calls', calls, ...inCall] : ['content', said, ...within];
}

/** For each part, how many calls stand in front of it, and how much that is no thought. */
const countsBefore = onceFor((parts: readonly Part[]): readonly { readonly calls: number; readonly said: number }[] => {
  let [calls, said] = [0, 0];
  return parts.map(({ type }) => {
    const before = { calls, said };
    if (type === 'tool-call') calls += 1;
    if (type !== 'reasoning') said += 1;
    return before;
  });
});

/** Tools come first in the hub, functions of the oldest form behind them, and a search last. */
function toolPlace({ tools }: GenerateRequest, index: number, rest: readonly string[]): Steps {
  const tool = tools[index];
  if (tool?.kind === 'hosted' && tool.family === 'web-search') {
    const within = rest.join('.');
    const field = searchFieldOf(tool) ?? 'web_search_options';
    return [field, ...(field === 'tools' ? [index] : []), ...(within ? [lookUp(SEARCH_WORDS, within) ?? within] : [])];
  }
  if (!tool || !isLegacy(tool)) return ['tools', index, ...(rest.length > 0 && tool ? [tool.kind] : []), ...rest];
  return ['functions', legacyBefore(tools)[index] ?? 0, ...rest];
}

const isLegacy = (tool: ToolDefinition): boolean =>
  tool.kind === 'function' && tool.raw !== undefined && isLegacyTool(tool.raw.value);

/** For each tool, how many functions of the oldest form stand in front of it. */
const legacyBefore = onceFor((tools: readonly ToolDefinition[]): readonly number[] => {
  let functions = 0;
  return tools.map((tool) => (isLegacy(tool) ? functions++ : functions));
});
