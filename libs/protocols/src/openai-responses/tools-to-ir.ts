import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { ServerToolFamily, ToolChoice, ToolDefinition, ToolHint, WebSearch } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { WireItem } from './schema-items.js';
import { isKnownTool, type WireCallableTool, type WireKnownTool, type WireTool } from './schema-tools.js';
import type { WireRequest, WireToolChoice } from './schema.js';

const protocol = 'openai-responses' as const;

const FAMILY = {
  file_search: 'file-search',
  code_interpreter: 'code',
  shell: 'code',
  local_shell: 'code',
  programmatic_tool_calling: 'code',
  image_generation: 'image',
  mcp: 'mcp',
  tool_search: 'tool-search',
} as const satisfies Record<string, ServerToolFamily>;

/** Typed by OpenAI and run by the client, as Codex runs its shell. */
const CLIENT_TOOLS: readonly string[] = ['local_shell', 'apply_patch', 'computer', 'computer_use_preview'];

/** A tool as it stood: where, and what holds it: a namespace, and perhaps an item of the conversation. */
export interface ToolPlace {
  readonly at: string;
  readonly outer: JsonObject;
  readonly holder?: JsonObject;
}

/** Every tool of a request: its own, those inside namespaces, and those that items of the conversation bring. */
export function toolsToIr({ tools, input }: Pick<WireRequest, 'tools' | 'input'>): readonly ToolDefinition[] {
  const brought = typeof input === 'string' ? [] : input.flatMap(broughtTools);
  return [...(tools ?? []).flatMap((tool, index) => toolToIr(tool, { at: `tools.${index}` })), ...brought];
}

function broughtTools(item: WireItem, at: number): readonly ToolDefinition[] {
  if (item.type !== 'additional_tools' || !('tools' in item) || !Array.isArray(item.tools)) return [];
  const { tools, ...holder } = item;
  return (tools as readonly WireTool[]).flatMap((tool, index) =>
    toolToIr(tool, { at: `input.${at}.tools.${index}`, holder: holder as JsonObject }),
  );
}

type Place = Omit<ToolPlace, 'outer'>;

function toolToIr(tool: WireTool, place: Place): readonly ToolDefinition[] {
  const outer = tool as JsonObject;
  const raw = (at: string) => ({ raw: { protocol, value: { ...place, at, outer } } });
  if (!isKnownTool(tool)) return [{ ...typedTool(tool), ...raw(place.at) }];
  if (tool.type === 'namespace')
    return tool.tools.map((inner, index) => ({
      ...callableTool(inner),
      namespace: tool.name,
      ...raw(`${place.at}.tools.${index}`),
    }));
  if (tool.type === 'function' || tool.type === 'custom') return [{ ...callableTool(tool), ...raw(place.at) }];
  return [
    {
      kind: 'hosted',
      name: tool.type,
      runBy: 'server',
      family: 'web-search',
      ...searchBounds(tool),
      ...raw(place.at),
    },
  ];
}

function typedTool(tool: WireTool): ToolDefinition {
  const { type, execution } = tool;
  const runBy = CLIENT_TOOLS.includes(type) || execution === 'client' ? 'client' : 'server';
  return { kind: 'hosted', name: type, runBy, family: lookUp(FAMILY, type) ?? 'other' };
}

function callableTool(tool: WireCallableTool): Extract<ToolDefinition, { kind: 'function' | 'custom' }> {
  const { name, description } = tool;
  const shared = { name, ...given({ description }), ...hintsOf(tool) };
  if (tool.type === 'custom') {
    const grammar = tool.format && tool.format['type'] !== 'text' ? (tool.format as JsonObject) : undefined;
    return { kind: 'custom', ...shared, ...given({ grammar }) };
  }
  const { strict, parameters } = tool;
  return { kind: 'function', ...shared, ...given({ strict, parameters: parameters as JsonObject | null | undefined }) };
}

function hintsOf(tool: WireCallableTool): { hints?: readonly ToolHint[] } {
  const hints: readonly (ToolHint | false)[] = [
    tool.defer_loading === true && 'defer-loading',
    (tool.allowed_callers ?? []).some((caller) => caller !== 'direct') && 'allowed-callers',
    isJsonObject(tool.output_schema as JsonObject | undefined) && 'output-schema',
    tool.async === true && 'async',
  ];
  const kept = hints.filter((hint) => hint !== false);
  return kept.length > 0 ? { hints: kept } : {};
}

type SearchTool = Extract<WireKnownTool, { type: `web_search${string}` }>;
const SIZES = ['low', 'medium', 'high'] as const;

function searchBounds(tool: SearchTool): { search?: WebSearch } {
  const { filters, search_context_size, external_web_access, user_location } = tool;
  const { city, region, country, timezone } = user_location ?? {};
  const location = given({ city, region, country, timezone });
  const search: WebSearch = {
    ...given({
      allowedDomains: filters?.allowed_domains,
      blockedDomains: filters?.blocked_domains,
      contextSize: SIZES.find((size) => size === search_context_size),
    }),
    ...(external_web_access === false && { offline: true }),
    ...(Object.keys(location).length > 0 && { location }),
  };
  return Object.keys(search).length > 0 ? { search } : {};
}

/** A choice by name, or by type for tools that have nothing else. */
export function choiceToIr(choice: WireRequest['tool_choice']): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (typeof choice === 'string') return { mode: choice };
  if (isAllowed(choice)) {
    const names = choice.tools.flatMap(({ name, type }) => {
      const named = name ?? type;
      return typeof named === 'string' ? [named] : [];
    });
    return { mode: 'allowed', names, required: choice.mode === 'required' };
  }
  if (isNamed(choice)) return { mode: 'one', name: choice.name, kind: choice.type };
  return { mode: 'one', name: choice.type, kind: 'hosted' };
}

type Choice<T> = Extract<WireToolChoice, { readonly type: T }>;
const isAllowed = (choice: Exclude<WireToolChoice, string>): choice is Choice<'allowed_tools'> =>
  choice.type === 'allowed_tools';
const isNamed = (choice: Exclude<WireToolChoice, string>): choice is Choice<'function' | 'custom'> =>
  choice.type === 'function' || choice.type === 'custom';

/** What the hub's words would not bring back: which server's tools, or that a list names more than functions. */
export const isWordless = (choice: WireRequest['tool_choice']): boolean => {
  if (typeof choice !== 'object' || !choice) return false;
  if (isAllowed(choice)) return choice.tools.some((tool) => tool['type'] !== 'function' || 'namespace' in tool);
  return 'namespace' in choice || (!isNamed(choice) && Object.keys(choice).length > 1);
};
