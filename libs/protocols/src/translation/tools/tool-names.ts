import type { GenerateRequest } from '@bytespike/ir';

import type { NameRule, ToolForms } from '../../protocol.js';
import { givenName } from './given-name.js';

/** A tool as one side names it. */
export interface ToolName {
  readonly name: string;
  readonly namespace?: string;
}

/** Names of tools, there and back: the client's own, and those the vendor accepts. */
export interface ToolNames {
  readonly vendors: (tool: ToolName) => ToolName;
  readonly clients: (tool: ToolName) => ToolName;
}

const keyOf = ({ name, namespace }: ToolName): string => (namespace === undefined ? name : `${namespace}\0${name}`);

/**
 * Names for tools whose own the target does not accept, and for tools in groups where it knows none. They are unique
 * within the request, so an answer finds its tool again.
 */
export function toolNames(request: GenerateRequest, rule: NameRule, { namespaces }: ToolForms): ToolNames {
  const declared = request.tools.filter(({ kind }) => kind !== 'hosted') as readonly ToolName[];
  const lookUp = resolver(declared);
  const there = new Map<string, ToolName>();
  const back = new Map<string, ToolName>();
  const flat = (tool: ToolName): boolean => namespaces === 'flatten' && tool.namespace !== undefined;
  // Plain names first: a tool that needs no other name never gets one because of a tool that does.
  const all = [...declared, ...called(request)].toSorted((a, b) => Number(flat(a)) - Number(flat(b)));
  for (const tool of all) {
    if (there.has(keyOf(tool))) continue;
    const { name, namespace } = tool;
    const kept = flat(tool) || namespace === undefined ? {} : { namespace };
    const wanted = flat(tool) ? `${namespace}__${name}` : name;
    const given = { name: givenName(wanted, rule, (taken) => back.has(keyOf({ ...kept, name: taken }))), ...kept };
    there.set(keyOf(tool), given);
    back.set(keyOf(given), { name, ...(namespace !== undefined && { namespace }) });
  }
  return {
    vendors: (tool) => there.get(keyOf(lookUp(tool))) ?? tool,
    clients: (tool) => back.get(keyOf(tool)) ?? tool,
  };
}

/** Choices and some clients' histories name a tool without its group: it is the one tool of that name, if there is one. */
function resolver(declared: readonly ToolName[]): (tool: ToolName) => ToolName {
  const keys = new Set(declared.map(keyOf));
  const only = new Map<string, ToolName | 'several'>();
  for (const tool of declared) only.set(tool.name, only.has(tool.name) ? 'several' : tool);
  return (tool) => {
    const meant = only.get(tool.name);
    const isKnown = keys.has(keyOf(tool)) || tool.namespace !== undefined;
    return isKnown || meant === undefined || meant === 'several' ? tool : meant;
  };
}

const called = ({ turns }: GenerateRequest): readonly ToolName[] =>
  turns.flatMap(({ parts }) => parts.filter((part) => part.type === 'tool-call'));
