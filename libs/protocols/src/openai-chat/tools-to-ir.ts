import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, HostedTool, ToolChoice, ToolDefinition } from '@bytespike/ir';

import { given, group } from '../given.js';
import { rawOf } from './messages-to-ir.js';
import { isCustomTool, isFunctionTool, isSearchTool, type WireRequest, type WireTool } from './schema.js';

const parametersOf = (parameters: Record<string, unknown> | null | undefined) =>
  given({ parameters: parameters as JsonObject | null | undefined });

/** A grammar stands one level deeper on this wire than in the hub. */
function grammarToIr(format: Record<string, unknown> | null | undefined): JsonObject | undefined {
  if (!format || format['type'] === 'text') return undefined;
  const { grammar, ...rest } = format as JsonObject;
  return { ...rest, ...(isJsonObject(grammar) && grammar) };
}

export function toolToIr(tool: WireTool): ToolDefinition {
  if (isCustomTool(tool)) {
    const { name, description, format } = tool.custom;
    return { kind: 'custom', name, ...given({ description, grammar: grammarToIr(format) }), ...rawOf(tool) };
  }
  if (isSearchTool(tool)) return { ...SEARCH, ...searchBounds(tool, tool.filters), ...rawOf(tool) };
  if (!isFunctionTool(tool))
    return { kind: 'hosted', runBy: 'server', family: 'other', name: tool.type, ...rawOf(tool) };
  const { name, description, parameters, strict } = tool.function;
  return { kind: 'function', name, ...given({ description, strict }), ...parametersOf(parameters), ...rawOf(tool) };
}

/** A function as it was declared before there were tools; what is answered to it takes the same old form. */
export const legacyToolToIr = (tool: NonNullable<WireRequest['functions']>[number]): ToolDefinition => ({
  kind: 'function',
  name: tool.name,
  ...given({ description: tool.description }),
  ...parametersOf(tool.parameters),
  ...rawOf(tool),
});

/** Whether an answer owes its call in the form that came before tools. */
export const isLegacy = (asked: GenerateRequest | undefined): boolean =>
  asked?.tools.some(({ kind, raw }) => kind === 'function' && raw !== undefined && isLegacyTool(raw.value)) ?? false;

export const isLegacyTool = (value: JsonObject): boolean => !('type' in value);

const SEARCH = { kind: 'hosted', runBy: 'server', family: 'web-search', name: 'web_search' } as const;

type SearchOptions = NonNullable<WireRequest['web_search_options']>;

function searchBounds(
  { search_context_size: size, user_location }: SearchOptions,
  filters?: { readonly allowed_domains?: readonly string[] | null | undefined } | null,
) {
  const { city, region, country, timezone } = user_location?.approximate ?? user_location ?? {};
  return group('search', {
    allowedDomains: filters?.allowed_domains,
    contextSize: (['low', 'medium', 'high'] as const).find((known) => known === size),
    ...group('location', { city, region, country, timezone }),
  });
}

type SearchWishes = Pick<WireRequest, 'web_search_options' | 'web_search' | 'grounding'>;

/** The search a model makes by itself: declared for the whole request, as a tool among the others in the hub. */
export function searchToIr({ web_search_options, web_search, grounding }: SearchWishes): readonly HostedTool[] {
  if (web_search_options) return [{ ...SEARCH, ...searchBounds(web_search_options), ...rawOf(web_search_options) }];
  if (web_search)
    return [{ ...SEARCH, ...(isJsonObject(web_search) && searchBounds(web_search)), ...rawOf({ web_search }) }];
  return grounding ? [{ ...SEARCH, ...rawOf({ grounding }) }] : [];
}

/** Where a client of this wire asked for a search; undefined for one of another wire's. */
export function searchFieldOf({ raw }: ToolDefinition): 'tools' | keyof SearchWishes | undefined {
  if (raw?.protocol !== 'openai-chat') return undefined;
  if ('type' in raw.value) return 'tools';
  return (['web_search', 'grounding'] as const).find((field) => field in raw.value) ?? 'web_search_options';
}

type Choice = Pick<WireRequest, 'tool_choice' | 'function_call'>;

export function choiceToIr({ tool_choice: choice, function_call: legacy }: Choice): ToolChoice | undefined {
  if (choice === undefined || choice === null) {
    if (legacy === undefined || legacy === null) return undefined;
    return typeof legacy === 'string' ? { mode: legacy } : { mode: 'one', name: legacy.name, kind: 'function' };
  }
  if (typeof choice === 'string') return { mode: choice };
  if (choice.type === 'function') return { mode: 'one', name: choice.function.name, kind: 'function' };
  if (choice.type === 'custom') return { mode: 'one', name: choice.custom.name, kind: 'custom' };
  const { mode, tools } = choice.allowed_tools;
  const names = tools.flatMap(({ name, function: called, custom }) =>
    [called, custom, { name }].flatMap((holder) =>
      typeof (holder as { name?: unknown } | undefined)?.name === 'string' ? [(holder as { name: string }).name] : [],
    ),
  );
  return { mode: 'allowed', names, required: mode === 'required' };
}
