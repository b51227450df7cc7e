import type { JsonObject, ToolChoice, ToolDeclaration } from '../brain/conversation.js';
import { describedBy } from '../openai/described-by.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { FREEFORM_SCHEMA } from '../openai/freeform.js';

/** A tool the caller executes, and how a call of it is spelled. */
export interface CallableTool {
  readonly declaration: ToolDeclaration;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly kind: 'function' | 'custom';
}

export interface OfferedTools {
  /** By the name the brain knows them under: bare, or `namespace.name` where two bear the same one. */
  readonly callable: ReadonlyMap<string, CallableTool>;
  readonly search: boolean;
}

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** All declared tools: at the top level, inside namespaces, and in `additional_tools` items. */
export const offeredTools = (body: Json, items: readonly Json[]): OfferedTools => {
  const declared = [
    ...listOf(body['tools']),
    ...items.filter((item) => item['type'] === 'additional_tools').flatMap((item) => listOf(item['tools'])),
  ];
  const callable = new Map<string, CallableTool>();
  for (const tool of declared) {
    if (tool['type'] === 'namespace')
      for (const inner of listOf(tool['tools'])) addTool(callable, inner, String(tool['name']));
    else addTool(callable, tool, undefined);
  }
  return { callable, search: declared.some((tool) => String(tool['type']).startsWith('web_search')) };
};

const addTool = (callable: Map<string, CallableTool>, tool: Json, namespace: string | undefined): void => {
  const kind = tool['type'];
  if (kind !== 'function' && kind !== 'custom') return;
  const name = String(tool['name']);
  const known = callable.has(name) && namespace !== undefined ? `${namespace}.${name}` : name;
  const schema = kind === 'custom' ? FREEFORM_SCHEMA : schemaOf(tool['parameters']);
  callable.set(known, { declaration: { name: known, ...describedBy(tool), schema }, name, namespace, kind });
};

const schemaOf = (value: unknown): JsonObject =>
  isObject(value) ? (value as JsonObject) : { type: 'object', properties: {} };

/** What of it may be called, and whether it must be. */
export const toolTerms = (
  body: Json,
  { callable }: OfferedTools,
): { readonly tools: readonly ToolDeclaration[]; readonly toolChoice: ToolChoice } => {
  const all = Array.from(callable.values(), (tool) => tool.declaration);
  const choice = body['tool_choice'];
  if (choice === 'none') return { tools: all, toolChoice: { mode: 'none' } };
  if (choice === 'required') return { tools: all, toolChoice: { mode: 'any' } };
  if (!isObject(choice)) return { tools: all, toolChoice: { mode: 'auto' } };
  if (choice['type'] === 'allowed_tools') {
    const names = new Set(listOf(choice['tools']).map((tool) => tool['name']));
    return {
      tools: all.filter(({ name }) => names.has(name)),
      toolChoice: { mode: choice['mode'] === 'required' ? 'any' : 'auto' },
    };
  }
  const isCallable = choice['type'] === 'function' || choice['type'] === 'custom';
  return { tools: all, toolChoice: isCallable ? { mode: 'tool', name: String(choice['name']) } : { mode: 'auto' } };
};
