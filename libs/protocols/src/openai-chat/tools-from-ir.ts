import type { JsonObject } from '@bytespike/kernel';
import type { GenerateRequest, ToolDefinition } from '@bytespike/ir';

import type { ChatCompatibility } from '../compatibility/chat.js';
import { given } from '../given.js';
import type { LossList } from '../losses.js';
import type { WireRequest, WireTool } from './schema.js';

const protocol = 'openai-chat' as const;

export function toolsFromIr(tools: readonly ToolDefinition[], to: ChatCompatibility, losses: LossList): WireTool[] {
  return tools.flatMap((tool, index): WireTool[] => {
    const path = `tools.${index}`;
    if (tool.raw?.protocol === protocol && (tool.kind !== 'custom' || to.customTools === 'send'))
      return [tool.raw.value as JsonObject as WireTool];
    if (tool.cache) losses.drop('L83', `${path}.cache_control`);
    if (tool.kind === 'hosted') {
      losses.drop(tool.runBy === 'server' ? 'L22' : 'L23', path);
      return [];
    }
    if (tool.hints) losses.drop('L26', path);
    const { name, description } = tool;
    if (tool.kind === 'custom') return [customTool(tool, path, to, losses)];
    if (tool.strict && to.strictTools === 'drop') losses.drop('L27', `${path}.strict`);
    const strict = to.strictTools === 'send' ? tool.strict : undefined;
    return [{ type: 'function', function: { name, ...given({ description, parameters: tool.parameters, strict }) } }];
  });
}

function customTool(
  { name, description, grammar }: Extract<ToolDefinition, { kind: 'custom' }>,
  path: string,
  to: ChatCompatibility,
  losses: LossList,
): WireTool {
  if (to.customTools === 'send')
    return { type: 'custom', custom: { name, ...given({ description, format: grammar }) } };
  if (grammar) losses.drop('L21', path);
  const parameters = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  return { type: 'function', function: { name, parameters, ...given({ description }) } };
}

const nameOf = (tool: WireTool): string => (tool.type === 'custom' ? tool.custom.name : tool.function.name);

export function choiceFromIr(
  choice: GenerateRequest['toolChoice'],
  tools: readonly WireTool[],
  thinking: 'on' | 'off',
  to: ChatCompatibility,
  losses: LossList,
): Pick<WireRequest, 'tool_choice'> {
  if (!choice) return {};
  const forced = choice.mode === 'one' || choice.mode === 'required' || (choice.mode === 'allowed' && choice.required);
  const refused = to.forcedToolChoice === 'reject' || (to.forcedToolChoice === 'unless-thinking' && thinking === 'on');
  const named = choice.mode === 'one' ? tools.find((tool) => nameOf(tool) === choice.name) : undefined;
  if (forced && (refused || tools.length === 0 || (choice.mode === 'one' && !named))) {
    losses.drop('L25', 'toolChoice');
    return {};
  }
  if (tools.length === 0) return {};
  if (choice.mode === 'one') {
    const { name } = choice;
    return {
      tool_choice:
        named?.type === 'custom' ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } },
    };
  }
  if (choice.mode !== 'allowed') return { tool_choice: choice.mode };
  const allowed = choice.names.map((name) => ({ type: 'function', function: { name } }));
  return {
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: choice.required ? 'required' : 'auto', tools: allowed },
    },
  };
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
