import type { JsonObject } from '@bytespike/kernel';
import type { FunctionTool, GenerateRequest, HostedTool, ToolDefinition, WebSearch } from '@bytespike/ir';

import type { GeminiCompatibility } from '../compatibility/gemini.js';
import { given } from '../given.js';
import { projectToolSchema } from '../json-schema/project-schema.js';
import type { LossList } from '../losses.js';
import type { WireDeclaration, WireRequest, WireTool } from './schema.js';

const protocol = 'gemini-generate' as const;

const own = ({ raw }: Pick<ToolDefinition, 'raw'>): JsonObject | undefined =>
  raw?.protocol === protocol ? raw.value : undefined;

/** What a free-form tool is to a vendor that knows functions only. */
const FREE_TEXT = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };

/** Functions in one list, as this wire's clients write them, and every tool of the vendor's own by itself. */
export function toolsFromIr(
  { tools, toolChoice }: Pick<GenerateRequest, 'tools' | 'toolChoice'>,
  to: GeminiCompatibility,
  losses: LossList,
): WireTool[] {
  const declarations: WireDeclaration[] = [];
  const hosted: WireTool[] = [];
  const functions = tools.some(({ kind }) => kind !== 'hosted');
  tools.forEach((tool, index) => {
    const path = `tools.${index}`;
    if (tool.kind === 'hosted') {
      const alone = to.functionsWithOthers === 'send' || !functions;
      hosted.push(...hostedFromIr(tool, alone ? 'may' : 'may-not', path, losses));
      return;
    }
    if (tool.cache) losses.drop('L83', `${path}.cache_control`);
    const raw = own(tool);
    if (!raw && tool.hints) losses.drop('L26', path);
    declarations.push(raw && isNative(raw, to) ? (raw as WireDeclaration) : declarationFromIr(tool, path, to, losses));
  });
  if (toolChoice?.mode === 'one' && !declarations.some(({ name }) => name === toolChoice.name))
    losses.approximate(hosted.length > 0 ? 'L87' : 'L25', 'toolChoice');
  return [...(declarations.length > 0 ? [{ functionDeclarations: declarations }] : []), ...hosted];
}

/** Whether a declaration says its schema in words this model knows. */
const isNative = (declaration: JsonObject, { schemas }: GeminiCompatibility): boolean =>
  schemas === 'gemini-json-schema' || declaration['parametersJsonSchema'] === undefined;

function declarationFromIr(
  tool: Exclude<ToolDefinition, HostedTool>,
  path: string,
  to: GeminiCompatibility,
  losses: LossList,
): WireDeclaration {
  const { name, description } = tool;
  if (tool.kind === 'custom' && tool.grammar) losses.drop('L21', path);
  const asked = tool.kind === 'custom' ? FREE_TEXT : tool.parameters;
  if (!asked) return { name, ...given({ description }) };
  const { schema, dropped } = projectToolSchema(asked as JsonObject, to.schemas);
  if (dropped.length > 0) losses.approximate('L51', `${path}.parameters`);
  if (to.schemas === 'gemini-json-schema')
    return { name, ...given({ description }), parametersJsonSchema: { ...schema } };
  // An object without properties is refused in that dialect; a function without parameters takes none.
  return { name, ...given({ description }), ...(hasProperties(schema) && { parameters: capitals(schema) }) };
}

const hasProperties = ({ properties }: JsonObject): boolean => Object.keys(properties ?? {}).length > 0;

/** The OpenAPI dialect writes its types in capitals. */
export function capitals(schema: JsonObject): Record<string, unknown> {
  const { type, items, properties, anyOf, ...rest } = schema;
  const inner = (value: unknown): unknown => capitals(value as JsonObject);
  return {
    ...rest,
    ...(typeof type === 'string' && { type: type.toUpperCase() }),
    ...(items !== undefined && { items: inner(items) }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map(inner) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties as JsonObject).map(([name, value]) => [name, inner(value)]),
      ),
    }),
  };
}

const BOUNDS: Readonly<Record<keyof WebSearch, 'L70' | 'L87'>> = {
  allowedDomains: 'L70',
  blockedDomains: 'L70',
  usesMax: 'L87',
  contextSize: 'L87',
  offline: 'L87',
  location: 'L87',
};

/** A search is this vendor's search; how it was bounded cannot be said, and where it may look cannot be enforced. */
function hostedFromIr(tool: HostedTool, mix: 'may' | 'may-not', path: string, losses: LossList): WireTool[] {
  const raw = own(tool);
  if (raw && mix === 'may') return [raw as WireTool];
  if (tool.family !== 'web-search' || tool.runBy !== 'server' || mix === 'may-not') {
    losses.drop(tool.runBy === 'server' ? 'L22' : 'L23', path);
    return [];
  }
  for (const bound of Object.keys(tool.search ?? {}) as (keyof WebSearch)[])
    losses.drop(BOUNDS[bound], `${path}.search.${bound}`);
  return [{ googleSearch: {} }];
}

type Calling = NonNullable<NonNullable<WireRequest['toolConfig']>['functionCallingConfig']>;

/** Who may be called. Only functions can be forced; strictness holds for all of them or for none. */
export function callingFromIr(
  { tools, toolChoice: choice, parallelTools }: Pick<GenerateRequest, 'tools' | 'toolChoice' | 'parallelTools'>,
  wire: readonly WireTool[],
  losses: LossList,
): Calling | undefined {
  const names = wire.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name));
  if (parallelTools === false && names.length > 0) losses.drop('L24', 'parallelTools');
  if (names.length === 0) {
    if (choice?.mode === 'required') losses.approximate(wire.length > 0 ? 'L87' : 'L25', 'toolChoice');
    return undefined;
  }
  const strict = strictness(tools, choice, losses);
  switch (choice?.mode) {
    case undefined:
      return strict ? { mode: 'VALIDATED' } : undefined;
    case 'auto':
      return { mode: strict ? 'VALIDATED' : 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    case 'one':
      return names.includes(choice.name) ? { mode: 'ANY', allowedFunctionNames: [choice.name] } : undefined;
    case 'allowed': {
      const allowed = choice.names.filter((name) => names.includes(name));
      return allowed.length === 0
        ? { mode: 'NONE' }
        : { mode: choice.required ? 'ANY' : 'VALIDATED', allowedFunctionNames: allowed };
    }
  }
}

/** Whether every call is to be held to its schema. A forced call is held to it anyway. */
function strictness(
  tools: readonly ToolDefinition[],
  choice: GenerateRequest['toolChoice'],
  losses: LossList,
): boolean {
  const functions = tools.filter((tool): tool is FunctionTool => tool.kind === 'function');
  const strict = functions.filter((tool) => tool.strict === true);
  const free = choice === undefined || choice.mode === 'auto';
  if (!free || strict.length === 0) return false;
  if (strict.length === functions.length && tools.every(({ kind }) => kind !== 'custom')) return true;
  tools.forEach((tool, index) => {
    if (tool.kind === 'function' && tool.strict === true) losses.drop('L27', `tools.${index}.strict`);
  });
  return false;
}
