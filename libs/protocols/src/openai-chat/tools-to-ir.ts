import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, HostedTool, ToolChoice, ToolDefinition } from '@bytespike/ir';

import { given, group } from '../given.js';
import { rawOf } from './messages-to-ir.js';
import { isCustomTool, isFunctionTool, type WireRequest, type WireTool } from './schema.js';

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

/** The search a model makes by itself: declared for the whole request, as a tool among the others in the hub. */
export function searchToIr(options: WireRequest['web_search_options']): readonly HostedTool[] {
  if (!options) return [];
  const { search_context_size: size, user_location } = options;
  const { city, region, country, timezone } = user_location?.approximate ?? {};
  return [
    {
      kind: 'hosted',
      runBy: 'server',
      family: 'web-search',
      name: 'web_search',
      ...group('search', {
        contextSize: (['low', 'medium', 'high'] as const).find((known) => known === size),
        ...group('location', { city, region, country, timezone }),
      }),
      ...rawOf(options),
    },
  ];
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
