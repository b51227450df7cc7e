import type { JsonObject } from '@bytespike/kernel';
import type { ToolChoice, ToolDefinition, ToolHint } from '@bytespike/ir';

import { given } from '../given.js';
import { cacheOf, familyOf, rawOf } from './blocks-to-ir.js';
import type { WireRequest, WireTool } from './schema.js';
import { searchToIr } from './web-search.js';

const CHOICE = { auto: 'auto', any: 'required', none: 'none' } as const;

/** Tools that Anthropic types and the client runs; every other typed tool is run by Anthropic. */
const CLIENT_TOOL = /^(bash|memory|text_editor|computer|computer_toolset|browser_toolset)_\d+$/;

function hintsOf(tool: WireTool): { hints?: readonly ToolHint[] } {
  const hints: readonly (ToolHint | false)[] = [
    tool.defer_loading === true && 'defer-loading',
    tool.eager_input_streaming === true && 'eager-input-streaming',
    (tool.input_examples?.length ?? 0) > 0 && 'input-examples',
    (tool.allowed_callers?.length ?? 0) > 0 && 'allowed-callers',
  ];
  const kept = hints.filter((hint) => hint !== false);
  return kept.length > 0 ? { hints: kept } : {};
}

export function toolToIr(tool: WireTool): ToolDefinition {
  const { type, name = '', description, input_schema, strict } = tool;
  const shared = { name, ...hintsOf(tool), ...cacheOf(tool.cache_control), ...rawOf(tool) };
  if (type && type !== 'custom')
    return {
      kind: 'hosted',
      family: familyOf(type),
      runBy: CLIENT_TOOL.test(type) ? 'client' : 'server',
      ...(familyOf(type) === 'web-search' && searchToIr(tool)),
      ...shared,
    };
  return {
    kind: 'function',
    ...given({ description, strict }),
    ...(input_schema && { parameters: input_schema as JsonObject }),
    ...shared,
  };
}

/** Who may be called; a tool that the owner of this wire types is none of the caller's functions. */
export function choiceToIr(choice: WireRequest['tool_choice'], tools: WireRequest['tools']): ToolChoice | undefined {
  if (!choice) return undefined;
  if (choice.type === 'tool') {
    const typed = tools?.find(({ name }) => name === choice.name)?.type;
    return { mode: 'one', name: choice.name ?? '', kind: typed && typed !== 'custom' ? 'hosted' : 'function' };
  }
  return { mode: CHOICE[choice.type] };
}

export const parallelToIr = (choice: WireRequest['tool_choice']): boolean | undefined =>
  typeof choice?.disable_parallel_tool_use === 'boolean' ? !choice.disable_parallel_tool_use : undefined;
