import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { CustomTool, FunctionTool, GenerateRequest, HostedTool, ToolChoice, ToolDefinition } from '@bytespike/ir';

import type { ResponsesCompatibility } from '../compatibility/responses.js';
import { firstByName } from '../first-by-name.js';
import { given } from '../given.js';
import { projectToolSchema } from '../json-schema/project-schema.js';
import type { LossList } from '../losses.js';
import type { WireTool } from './schema-tools.js';
import type { WireRequest, WireToolChoice } from './schema.js';
import type { ToolPlace } from './tools-to-ir.js';

const protocol = 'openai-responses' as const;

export interface WrittenTools {
  readonly tools: readonly WireTool[];
  /** Items of the conversation that bring tools, and where they stood. */
  readonly holders: readonly { readonly at: number; readonly item: JsonObject }[];
}

interface WritingTools {
  readonly to: ResponsesCompatibility;
  readonly losses: LossList;
}

/** Tools of this wire's own go back inside what held them; others are written anew. */
export function toolsFromIr(
  tools: readonly ToolDefinition[],
  choice: ToolChoice | undefined,
  writing: WritingTools,
): WrittenTools {
  const written: WireTool[] = [];
  const holders = new Map<string, JsonObject & { tools: JsonObject[] }>();
  const given = new Set<string>();
  const leftOut = leavesOut(choice, writing.to);
  if (tools.some(leftOut)) writing.losses.approximate('L26', 'toolChoice');
  tools.forEach((tool, index) => {
    if (leftOut(tool)) return;
    const place = placeOf(tool, writing.to);
    if (!place) return void written.push(...toolFromIr(tool, `tools.${index}`, writing));
    // The tools of a namespace share one declaration: it is written once.
    const outerAt = /^(?:input\.\d+\.)?tools\.\d+/.exec(place.at)?.[0] ?? place.at;
    if (given.has(outerAt)) return;
    given.add(outerAt);
    if (!place.holder) return void written.push(place.outer as JsonObject as WireTool);
    const itemAt = /\d+/.exec(place.at)?.[0] ?? '0';
    const holder = holders.get(itemAt) ?? { ...place.holder, tools: [] };
    holder.tools.push(place.outer);
    holders.set(itemAt, holder);
  });
  return { tools: written, holders: [...holders].map(([at, item]) => ({ at: Number(at), item })) };
}

/** Tools that may not be called are not offered where the vendor reads no choice, or none among some of them. */
function leavesOut(choice: ToolChoice | undefined, to: ResponsesCompatibility): (tool: ToolDefinition) => boolean {
  const none = choice?.mode === 'none' && to.toolChoice === 'ignored';
  const allowed = choice?.mode === 'allowed' && to.allowedTools === 'filter' ? new Set(choice.names) : undefined;
  return ({ name }) => none || allowed?.has(name) === false;
}

function placeOf({ raw }: ToolDefinition, to: ResponsesCompatibility): ToolPlace | undefined {
  if (to.ownNodes !== 'replay' || raw?.protocol !== protocol) return undefined;
  const { at, outer, holder } = raw.value;
  if (typeof at !== 'string' || !isJsonObject(outer)) return undefined;
  return { at, outer, ...(isJsonObject(holder) && { holder }) };
}

function toolFromIr(tool: ToolDefinition, path: string, writing: WritingTools): readonly WireTool[] {
  const { losses } = writing;
  if (tool.cache) losses.drop('L83', `${path}.cache_control`);
  if (tool.kind === 'hosted') return hostedFromIr(tool, path, writing);
  if (tool.hints) losses.drop('L26', path);
  return [tool.kind === 'custom' ? customFromIr(tool) : functionFromIr(tool, path, writing)];
}

/** Strictness is always said: left out, this wire would try it (protocols 2.5, T55). */
function functionFromIr(tool: FunctionTool, path: string, { to, losses }: WritingTools): WireTool {
  const { name, description, parameters = { type: 'object', properties: {} }, strict } = tool;
  if (strict && to.strictTools === 'drop') losses.drop('L27', `${path}.strict`);
  const told = to.strictTools === 'send' ? (strict ?? false) : false;
  if (!told) return { type: 'function', name, ...given({ description }), parameters, strict: told };
  // Strictness binds the schema to what can be held to; the rest of it becomes description (protocols 2.7).
  const { schema, dropped } = projectToolSchema(parameters, 'openai-strict');
  if (dropped.length > 0) losses.approximate('L51', `${path}.parameters`);
  return { type: 'function', name, ...given({ description }), parameters: schema, strict: told };
}

const customFromIr = ({ name, description, grammar }: CustomTool): WireTool => ({
  type: 'custom',
  name,
  ...given({ description, format: grammar }),
});

function hostedFromIr(tool: HostedTool, path: string, { to, losses }: WritingTools): readonly WireTool[] {
  if (tool.family !== 'web-search' || tool.runBy !== 'server' || to.webSearch === 'drop') {
    losses.drop(tool.runBy === 'server' ? 'L22' : 'L23', path);
    return [];
  }
  const {
    allowedDomains,
    blockedDomains,
    usesMax: _counted,
    contextSize,
    offline,
    location,
    ...unhandled
  } = tool.search ?? {};
  unhandled satisfies Record<string, never>;
  const bounded = to.webSearch === 'bounded';
  // Domains bind: a search that cannot keep to them is refused, never made without them.
  if (blockedDomains) losses.drop('L70', `${path}.search.blockedDomains`);
  if (allowedDomains && !bounded) losses.drop('L70', `${path}.search.allowedDomains`);
  if (offline && !bounded) losses.drop('L70', `${path}.search.offline`);
  if (!bounded) {
    if (contextSize ?? location) losses.drop('L82', path);
    return [{ type: 'web_search' }];
  }
  return [
    {
      type: 'web_search',
      ...(allowedDomains && { filters: { allowed_domains: [...allowedDomains] } }),
      ...given({ search_context_size: contextSize }),
      ...(location && { user_location: { type: 'approximate', ...location } }),
      ...(offline && { external_web_access: false }),
    },
  ];
}

/** How often tools may be run: said of all of them at once, so a search is counted only where it is alone. */
export function toolCallsMax(
  { limits, tools }: GenerateRequest,
  { to, losses }: WritingTools,
): Pick<WireRequest, 'max_tool_calls'> {
  const asked = limits?.maxToolCalls;
  const run = tools.filter((tool) => tool.kind === 'hosted' && tool.runBy === 'server');
  const alone = run.length === 1 && asked === undefined && to.maxToolCalls === 'send';
  let searches: number | undefined;
  tools.forEach((tool, index) => {
    const usesMax = tool.kind === 'hosted' ? tool.search?.usesMax : undefined;
    if (alone) searches ??= usesMax;
    else if (usesMax !== undefined) losses.drop('L26', `tools.${index}.search.usesMax`);
  });
  if (asked !== undefined && to.maxToolCalls === 'drop') losses.drop('L82', 'limits.maxToolCalls');
  return given({ max_tool_calls: to.maxToolCalls === 'send' ? (asked ?? searches) : undefined });
}

export interface WritingChoice extends WritingTools {
  readonly thinking: 'on' | 'off';
  readonly tools: readonly ToolDefinition[];
  readonly written: WrittenTools;
}

export function choiceFromIr(choice: ToolChoice | undefined, writing: WritingChoice): Pick<WireRequest, 'tool_choice'> {
  if (!choice) return {};
  const { to, thinking, losses, written, tools } = writing;
  const offered = written.tools.length + written.holders.length > 0;
  const forced = choice.mode === 'one' || choice.mode === 'required' || (choice.mode === 'allowed' && choice.required);
  const refused = to.forcedToolChoice === 'reject' || (to.forcedToolChoice === 'unless-thinking' && thinking === 'on');
  const named = choice.mode === 'one' ? chosen(choice, writing) : undefined;
  if (forced && (refused || !offered || (choice.mode === 'one' && !named))) {
    losses.drop('L25', 'toolChoice');
    return {};
  }
  if (!offered) return {};
  if (choice.mode === 'one') return { tool_choice: named };
  const read = to.toolChoice === 'send';
  if (choice.mode !== 'allowed') return read ? { tool_choice: choice.mode } : {};
  if (to.allowedTools === 'filter') return read ? { tool_choice: choice.required ? 'required' : 'auto' } : {};
  const kinds = firstByName(tools, ({ name }) => name);
  const allowed = choice.names.map((name) => {
    const tool = kinds.get(name);
    return tool?.kind === 'hosted' ? { type: name } : { type: tool?.kind ?? 'function', name };
  });
  return { tool_choice: { type: 'allowed_tools', mode: choice.required ? 'required' : 'auto', tools: allowed } };
}

/** The tool that must be called, by this wire's own name for it; nothing where it was not written. */
function chosen(
  { name, kind }: Extract<ToolChoice, { mode: 'one' }>,
  { tools, written }: WritingChoice,
): WireToolChoice | undefined {
  const tool = tools.find((other) => other.name === name);
  if (!tool || tool.kind === 'hosted') {
    const type = tool?.family === 'web-search' && tool.raw?.protocol !== protocol ? 'web_search' : name;
    const brought = written.holders.length > 0 && kind === 'hosted';
    return brought || written.tools.some((other) => other.type === type) ? { type } : undefined;
  }
  return { type: tool.kind, name };
}

export function parallelFromIr(
  parallel: GenerateRequest['parallelTools'],
  { to, losses }: WritingTools,
): Pick<WireRequest, 'parallel_tool_calls'> {
  if (parallel === undefined) return {};
  if (to.parallelTools === 'send') return { parallel_tool_calls: parallel };
  if (!parallel) losses.drop('L24', 'parallelTools');
  return {};
}
