import type {
  CustomTool,
  GenerateRequest,
  Loss,
  Part,
  StreamEvent,
  ToolChoice,
  ToolDefinition,
  Turn,
} from '@bytespike/ir';

import type { NameRule, ToolForms } from '../../protocol.js';
import { toolNames, type ToolName, type ToolNames } from './tool-names.js';
import { openInputReader, WRAPPED_INPUT, wrapInput, type InputReader } from './wrapped-input.js';

/** A request whose tools its target understands, and the way back for the answer's calls. */
export interface FittedTools {
  readonly request: GenerateRequest;
  readonly losses: readonly Loss[];
  /** Reads one answer: its calls under the client's names, free text where the client declared free text. */
  restore(): (event: StreamEvent) => readonly StreamEvent[];
}

/** What the target takes of tools. */
export interface ToolRules extends ToolForms {
  readonly rule: NameRule;
}

interface Fitting extends ToolRules {
  readonly names: ToolNames;
}

/** Tools renamed, flattened and wrapped as the target needs it. Nodes that stay as they are keep their raw form. */
export function fitTools(request: GenerateRequest, rules: ToolRules): FittedTools {
  const names = toolNames(request, rules.rule, rules);
  const fitting: Fitting = { ...rules, names };
  const { toolChoice } = request;
  const wrapped = rules.custom === 'wrap' ? request.tools.filter((tool) => tool.kind === 'custom') : [];
  const wrappedNames = new Set(wrapped.map((tool) => callKey(names.vendors(tool))));
  return {
    request: {
      ...request,
      tools: mapKept(request.tools, (tool) => fitTool(tool, fitting)),
      ...(toolChoice && { toolChoice: fitChoice(toolChoice, fitting) }),
      turns: mapKept(request.turns, (turn) => fitTurn(turn, fitting)),
    },
    losses: request.tools.flatMap((tool, at): Loss[] =>
      rules.custom === 'wrap' && tool.kind === 'custom' && tool.grammar
        ? [{ code: 'L21', path: `tools.${at}`, effect: 'approximated' }]
        : [],
    ),
    restore: () => restorer(names, wrappedNames),
  };
}

/** The list mapped, or the same list where nothing in it changed. */
function mapKept<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  const changed = list.map(change);
  return changed.every((item, at) => item === list[at]) ? list : changed;
}

const callKey = ({ name, namespace }: ToolName): string => (namespace === undefined ? name : `${namespace}\0${name}`);
const isSame = (a: ToolName, b: ToolName): boolean => a.name === b.name && a.namespace === b.namespace;

function fitTool(tool: ToolDefinition, { names, custom }: Fitting): ToolDefinition {
  if (tool.kind === 'hosted') return tool;
  const given = names.vendors(tool);
  const wraps = tool.kind === 'custom' && custom === 'wrap';
  if (isSame(given, tool) && !wraps) return tool;
  const { raw: _raw, namespace: _namespace, ...rest } = tool;
  if (rest.kind === 'custom' && wraps) return { ...wrapTool(rest), ...given };
  return { ...rest, ...given };
}

/** A free-form tool as a function of one string. What its grammar demands is told to the model instead (L21). */
function wrapTool({ kind: _kind, grammar, description, ...rest }: CustomTool): ToolDefinition {
  const demand = typeof grammar?.['definition'] === 'string' ? grammar['definition'] : undefined;
  const told = [description, demand && `The input follows this grammar:\n${demand}`].filter((text) => text);
  return {
    ...rest,
    kind: 'function',
    ...(told.length > 0 && { description: told.join('\n\n') }),
    parameters: WRAPPED_INPUT,
  };
}

function fitChoice(choice: ToolChoice, { names, custom }: Fitting): ToolChoice {
  if (choice.mode === 'allowed') return { ...choice, names: choice.names.map((name) => names.vendors({ name }).name) };
  if (choice.mode !== 'one' || choice.kind === 'hosted') return choice;
  const { name } = names.vendors(choice);
  return { ...choice, name, kind: custom === 'wrap' ? 'function' : choice.kind };
}

function fitTurn(turn: Turn, fitting: Fitting): Turn {
  const parts = mapKept(turn.parts, (part) => fitPart(part, fitting));
  if (parts === turn.parts) return turn;
  const { raw: _raw, ...rest } = turn;
  return { ...rest, parts };
}

function fitPart(part: Part, { names, custom }: Fitting): Part {
  if (part.type === 'tool-call') {
    const given = names.vendors(part);
    const wraps = part.kind === 'custom' && custom === 'wrap';
    if (isSame(given, part) && !wraps) return part;
    const { raw: _raw, namespace: _namespace, ...rest } = part;
    return { ...rest, ...given, ...(wraps && { kind: 'function', argumentsText: wrapInput(part.argumentsText) }) };
  }
  if (part.type !== 'tool-result') return part;
  const name = part.name === undefined ? undefined : names.vendors({ name: part.name }).name;
  const content = mapKept(part.content, (item) => {
    if (item.type !== 'tool-reference') return item;
    const given = names.vendors(item).name;
    return given === item.name ? item : { ...item, name: given };
  });
  if (name === part.name && content === part.content) return part;
  const { raw: _raw, ...rest } = part;
  return { ...rest, content, ...(name !== undefined && { name }) };
}

function restorer(names: ToolNames, wrapped: ReadonlySet<string>): (event: StreamEvent) => readonly StreamEvent[] {
  const readers = new Map<number, InputReader>();
  return (event) => {
    if (event.type === 'part-start' && event.part.type === 'tool-call') {
      const { namespace: _namespace, ...part } = event.part;
      const unwraps = part.kind === 'function' && wrapped.has(callKey(event.part));
      if (unwraps) readers.set(event.index, openInputReader());
      return [{ ...event, part: { ...part, ...names.clients(event.part), ...(unwraps && { kind: 'custom' }) } }];
    }
    const reader = 'index' in event ? readers.get(event.index) : undefined;
    if (!reader || !('index' in event)) return [event];
    if (event.type === 'arguments-delta') return argumentsDelta(event.index, reader.push(event.text));
    if (event.type !== 'part-end') return [event];
    readers.delete(event.index);
    return [...argumentsDelta(event.index, reader.end()), event];
  };
}

const argumentsDelta = (index: number, text: string): readonly StreamEvent[] =>
  text === '' ? [] : [{ type: 'arguments-delta', index, text }];
