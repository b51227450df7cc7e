import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, ToolDefinition } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import { firstByName } from '../first-by-name.js';
import { given } from '../given.js';
import { projectToolSchema } from '../json-schema/project-schema.js';
import type { LossList } from '../losses.js';
import { isCustomTool, isFunctionTool, type WireRequest, type WireTool } from './schema.js';
import { isLegacyTool, searchFieldOf } from './tools-to-ir.js';

const protocol = 'openai-chat' as const;

export function toolsFromIr(tools: readonly ToolDefinition[], to: ChatCompatibility, losses: LossList): WireTool[] {
  return tools.flatMap((tool, index): WireTool[] => {
    const path = `tools.${index}`;
    if (tool.kind === 'hosted') {
      // A search is declared beside the tools; a typed tool of a vendor's own may be this vendor's.
      if (tool.family === 'web-search' && !isOwnSearch(tool, to)) return [];
      const own =
        to.ownFields === 'drop' && tool.raw?.protocol === protocol ? [tool.raw.value as JsonObject as WireTool] : [];
      if (own.length === 0) losses.drop(tool.runBy === 'server' ? 'L22' : 'L23', path);
      return own;
    }
    const loosened = tool.kind === 'function' && tool.strict === true && to.strictTools === 'drop';
    const wrapped = tool.kind === 'custom' && to.customTools === 'wrap';
    if (tool.raw?.protocol === protocol && !isLegacyTool(tool.raw.value) && !loosened && !wrapped)
      return [tool.raw.value as JsonObject as WireTool];
    if (tool.hints) losses.drop('L26', path);
    const { name, description } = tool;
    if (tool.kind === 'custom') return [customTool(tool, path, to, losses)];
    if (loosened) losses.drop('L27', `${path}.strict`);
    const strict = to.strictTools === 'send' ? tool.strict : undefined;
    const parameters = parametersFromIr(tool, path, strict, losses);
    return [{ type: 'function', function: { name, ...given({ description, parameters, strict }) } }];
  });
}

/** A search among the tools, which the wire's owner does not take there and vendors who share it may. */
const isOwnSearch = (tool: ToolDefinition, to: ChatCompatibility): boolean =>
  to.ownFields === 'drop' && searchFieldOf(tool) === 'tools';

/** Strictness binds the schema to what can be held to; the rest of it becomes description (protocols 2.7). */
function parametersFromIr(
  { parameters }: Extract<ToolDefinition, { kind: 'function' }>,
  path: string,
  strict: boolean | undefined,
  losses: LossList,
): JsonObject | undefined {
  if (!parameters || strict !== true) return parameters;
  const { schema, dropped } = projectToolSchema(parameters, 'openai-strict');
  if (dropped.length > 0) losses.approximate('L51', `${path}.parameters`);
  return schema;
}

function grammarFromIr({ type, ...grammar }: JsonObject): JsonObject {
  return { type: type ?? 'grammar', grammar };
}

function customTool(
  { name, description, grammar }: Extract<ToolDefinition, { kind: 'custom' }>,
  path: string,
  to: ChatCompatibility,
  losses: LossList,
): WireTool {
  if (to.customTools === 'send')
    return { type: 'custom', custom: { name, ...given({ description, format: grammar && grammarFromIr(grammar) }) } };
  if (grammar) losses.drop('L21', path);
  const parameters = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  return { type: 'function', function: { name, parameters, ...given({ description }) } };
}

/** A search of the model's own, which only some models make and nobody can keep to domains (L70). */
export function searchFromIr(
  tools: readonly ToolDefinition[],
  to: ChatCompatibility,
  losses: LossList,
): Pick<WireRequest, 'web_search_options'> {
  const index = tools.findIndex(
    (tool) => tool.kind === 'hosted' && tool.family === 'web-search' && !isOwnSearch(tool, to),
  );
  const tool = tools[index];
  if (tool?.kind !== 'hosted') return {};
  const path = `tools.${index}`;
  const { allowedDomains, blockedDomains, usesMax, contextSize, offline, location, ...unhandled } = tool.search ?? {};
  unhandled satisfies Record<string, never>;
  if (to.webSearch === 'drop' || offline) {
    losses.drop('L22', path);
    return {};
  }
  if (allowedDomains) losses.drop('L70', `${path}.search.allowedDomains`);
  if (blockedDomains) losses.drop('L70', `${path}.search.blockedDomains`);
  if (usesMax !== undefined) losses.drop('L26', `${path}.search.usesMax`);
  if (tool.raw && searchFieldOf(tool) === 'web_search_options') return { web_search_options: tool.raw.value };
  return {
    web_search_options: given({
      search_context_size: contextSize,
      user_location: location && { type: 'approximate', approximate: { ...location } },
    }),
  };
}

const nameOf = (tool: WireTool): string | undefined =>
  isCustomTool(tool) ? tool.custom.name : isFunctionTool(tool) ? tool.function.name : undefined;

export interface ChoiceLimits {
  readonly tools: readonly WireTool[];
  /** Whether the model searches by itself, which is all that a forced search asks for. */
  readonly searches: boolean;
  readonly thinking: 'on' | 'off';
  readonly to: ChatCompatibility;
  readonly losses: LossList;
}

export function choiceFromIr(
  choice: GenerateRequest['toolChoice'],
  { tools, searches, thinking, to, losses }: ChoiceLimits,
): Pick<WireRequest, 'tool_choice'> {
  if (!choice || (searches && choice.mode === 'one' && choice.kind === 'hosted')) return {};
  const forced = choice.mode === 'one' || choice.mode === 'required' || (choice.mode === 'allowed' && choice.required);
  const refused = to.forcedToolChoice === 'reject' || (to.forcedToolChoice === 'unless-thinking' && thinking === 'on');
  const named = choice.mode === 'one' ? tools.find((tool) => nameOf(tool) === choice.name) : undefined;
  if (forced && (refused || tools.length === 0 || (choice.mode === 'one' && !named))) {
    losses.drop('L25', 'toolChoice');
    return {};
  }
  if (tools.length === 0) return {};
  if (choice.mode === 'one') return { tool_choice: reference(named, choice.name) };
  if (choice.mode !== 'allowed') return to.toolChoice === 'send' ? { tool_choice: choice.mode } : {};
  if (to.allowedTools === 'filter')
    return to.toolChoice === 'send' ? { tool_choice: choice.required ? 'required' : 'auto' } : {};
  const offered = firstByName(tools, nameOf);
  const allowed = choice.names.map((name) => reference(offered.get(name), name));
  return {
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: choice.required ? 'required' : 'auto', tools: allowed },
    },
  };
}

const reference = (tool: WireTool | undefined, name: string) =>
  tool && isCustomTool(tool)
    ? { type: 'custom' as const, custom: { name } }
    : { type: 'function' as const, function: { name } };

/** The tools that may be called, where the vendor reads no choice among them. */
export function allowedTools(
  tools: readonly ToolDefinition[],
  choice: GenerateRequest['toolChoice'],
  to: ChatCompatibility,
  losses: LossList,
): readonly ToolDefinition[] {
  const none = choice?.mode === 'none' && to.toolChoice === 'ignored';
  const some = choice?.mode === 'allowed' && to.allowedTools === 'filter';
  if (!none && !some) return tools;
  losses.approximate('L26', 'toolChoice');
  const allowed = new Set(choice.mode === 'allowed' ? choice.names : []);
  return tools.filter(({ name }) => allowed.has(name));
}

export function parallelFromIr(
  parallel: boolean | undefined,
  tools: readonly WireTool[],
  to: ChatCompatibility,
  losses: LossList,
): Pick<WireRequest, 'parallel_tool_calls'> {
  if (parallel === undefined || tools.length === 0) return {};
  if (to.parallelTools === 'send') return { parallel_tool_calls: parallel };
  if (!parallel) losses.drop('L24', 'parallelTools');
  return {};
}
