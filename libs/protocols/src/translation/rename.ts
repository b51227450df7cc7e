import type { GenerateRequest, Part, StreamEvent, ToolChoice, ToolDefinition, Turn } from '@bytespike/ir';

/** One name for another, both ways; what is not in the table keeps its name. */
export interface Renaming {
  readonly there: ReadonlyMap<string, string>;
  readonly back: ReadonlyMap<string, string>;
}

export interface Renamings {
  readonly tools: Renaming;
  readonly calls: Renaming;
}

const renamed = (name: string, table: ReadonlyMap<string, string>): string => table.get(name) ?? name;

/** The request with names its target accepts. Nodes that stay as they are keep their raw form. */
export function renameRequest(request: GenerateRequest, { tools, calls }: Renamings): GenerateRequest {
  if (tools.there.size === 0 && calls.there.size === 0) return request;
  const { toolChoice } = request;
  return {
    ...request,
    tools: request.tools.map((tool) => renameTool(tool, tools)),
    ...(toolChoice && { toolChoice: renameChoice(toolChoice, tools) }),
    turns: request.turns.map((turn) => renameTurn(turn, { tools, calls })),
  };
}

function renameTool(tool: ToolDefinition, { there }: Renaming): ToolDefinition {
  if (!there.has(tool.name)) return tool;
  const { raw: _raw, ...rest } = tool;
  return { ...rest, name: renamed(tool.name, there) };
}

function renameChoice(choice: ToolChoice, { there }: Renaming): ToolChoice {
  if (choice.mode === 'one') return { ...choice, name: renamed(choice.name, there) };
  if (choice.mode === 'allowed') return { ...choice, names: choice.names.map((name) => renamed(name, there)) };
  return choice;
}

function renameTurn(turn: Turn, renamings: Renamings): Turn {
  const parts = turn.parts.map((part) => renamePart(part, renamings));
  if (parts.every((part, index) => part === turn.parts[index])) return turn;
  const { raw: _raw, ...rest } = turn;
  return { ...rest, parts };
}

function renamePart(part: Part, { tools, calls }: Renamings): Part {
  if (part.type === 'tool-call') {
    if (!tools.there.has(part.name) && !calls.there.has(part.id)) return part;
    const { raw: _raw, ...rest } = part;
    return { ...rest, name: renamed(part.name, tools.there), id: renamed(part.id, calls.there) };
  }
  if (part.type !== 'tool-result' || !calls.there.has(part.callId)) return part;
  const { raw: _raw, ...rest } = part;
  return { ...rest, callId: renamed(part.callId, calls.there) };
}

/** An event with the caller's own tool names restored. */
export function restoreToolName(event: StreamEvent, { back }: Renaming): StreamEvent {
  if (event.type !== 'part-start' || event.part.type !== 'tool-call' || !back.has(event.part.name)) return event;
  return { ...event, part: { ...event.part, name: renamed(event.part.name, back) } };
}
