import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, ToolDefinition } from '@bytespike/ir';

import type { MessagesCompatibility } from '../compatibility/messages.js';
import { given } from '../given.js';
import { projectToolSchema } from '../json-schema/project-schema.js';
import type { LossList } from '../losses.js';
import { cacheFromIr, own } from './blocks-from-ir.js';
import type { WireRequest, WireTool } from './schema.js';
import { searchFromIr } from './web-search.js';

type Choice = GenerateRequest['toolChoice'];

export function toolsFromIr(
  tools: readonly ToolDefinition[],
  choice: Choice,
  to: MessagesCompatibility,
  losses: LossList,
): WireTool[] {
  // Leaving tools out spoils the cache of their list, and is the only way to say that they may not be called (T49).
  const none = choice?.mode === 'none' && to.toolChoice === 'ignored';
  if (choice?.mode === 'allowed' || (none && tools.length > 0)) losses.approximate('L26', 'toolChoice');
  if (none) return [];
  const allowed = choice?.mode === 'allowed' ? new Set(choice.names) : undefined;
  return tools.flatMap((tool, index): WireTool[] => {
    if (allowed?.has(tool.name) === false) return [];
    const path = `tools.${index}`;
    if (tool.kind === 'hosted') return hostedFromIr(tool, path, to, losses);
    const strict = tool.kind === 'function' ? tool.strict : undefined;
    const loosened = strict === true && to.strictTools === 'drop';
    if (loosened) losses.drop('L27', `${path}.strict`);
    const raw = loosened ? undefined : own(tool.raw);
    // What is written anew has no hints: those of another wire mean nothing without the tools that they speak of.
    if (tool.hints && (!raw || to.hostedTools === 'drop')) losses.drop('L26', path);
    if (raw) return [raw as WireTool];
    if (tool.kind === 'custom' && tool.grammar) losses.drop('L21', path);
    const { name, description, cache } = tool;
    const fields = given({ description, strict: loosened ? undefined : strict });
    const { schema, dropped } =
      fields.strict === true
        ? projectToolSchema(inputSchema(tool), 'anthropic-strict')
        : { schema: inputSchema(tool), dropped: [] };
    if (dropped.length > 0) losses.approximate('L51', `${path}.parameters`);
    return [{ name, ...fields, input_schema: schema, ...cacheFromIr(cache) }];
  });
}

/** This wire wants an object at the root, even an empty one; free text goes into the only string of one. */
function inputSchema(tool: Exclude<ToolDefinition, { kind: 'hosted' }>): JsonObject {
  if (tool.kind === 'custom') return { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  const { parameters } = tool;
  if (!parameters) return { type: 'object', properties: {} };
  return parameters['type'] === undefined ? { type: 'object', ...parameters } : parameters;
}

function hostedFromIr(
  tool: Extract<ToolDefinition, { kind: 'hosted' }>,
  path: string,
  to: MessagesCompatibility,
  losses: LossList,
): WireTool[] {
  const raw = own(tool.raw);
  if (to.hostedTools === 'send' && raw) return [raw as WireTool];
  const search =
    to.hostedTools === 'send' && tool.family === 'web-search' ? searchFromIr(tool, path, losses) : undefined;
  if (search) return [search];
  losses.drop(tool.runBy === 'server' ? 'L22' : 'L23', path);
  return [];
}

export interface ChoiceLimits {
  readonly tools: readonly WireTool[];
  readonly thinking: 'on' | 'off';
  readonly to: MessagesCompatibility;
  readonly losses: LossList;
}

export function choiceFromIr(
  choice: Choice,
  parallel: boolean | undefined,
  limits: ChoiceLimits,
): Pick<WireRequest, 'tool_choice'> {
  const { tools, to, losses } = limits;
  const type = choiceType(choice, limits);
  if (tools.length === 0 || (type === undefined && parallel === undefined)) return {};
  if (parallel === false && to.parallelTools === 'drop') losses.drop('L24', 'parallelTools');
  const serial = parallel !== undefined && to.parallelTools === 'send' && type !== 'none';
  if (type === undefined && !serial) return {};
  return {
    tool_choice: {
      type: type ?? 'auto',
      ...(type === 'tool' && choice?.mode === 'one' && { name: nameOf(choice, tools) ?? choice.name }),
      ...(serial && { disable_parallel_tool_use: !parallel }),
    },
  };
}

/** A search tool has one name on this wire, whatever another called it. */
const nameOf = (
  { name, kind }: Extract<NonNullable<Choice>, { mode: 'one' }>,
  tools: readonly WireTool[],
): string | undefined =>
  (
    tools.find((tool) => tool.name === name) ??
    (kind === 'hosted' ? tools.find(({ type }) => type?.startsWith('web_search_')) : undefined)
  )?.name;

function choiceType(choice: Choice, { tools, thinking, to, losses }: ChoiceLimits) {
  if (!choice) return undefined;
  const forced = choice.mode === 'one' || choice.mode === 'required' || (choice.mode === 'allowed' && choice.required);
  if (!forced)
    return to.toolChoice === 'ignored' ? undefined : choice.mode === 'none' ? ('none' as const) : ('auto' as const);
  const refused = to.forcedToolChoice === 'reject' || (to.forcedToolChoice === 'unless-thinking' && thinking === 'on');
  const missing = tools.length === 0 || (choice.mode === 'one' && nameOf(choice, tools) === undefined);
  if (refused || missing) {
    losses.drop('L25', 'toolChoice');
    return to.toolChoice === 'ignored' ? undefined : ('auto' as const);
  }
  return choice.mode === 'one' ? ('tool' as const) : ('any' as const);
}
