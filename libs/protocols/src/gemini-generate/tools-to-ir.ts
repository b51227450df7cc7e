import { isJsonObject, type JsonObject } from '@bytespike/kernel';
import type { HostedTool, ServerToolFamily, ToolChoice, ToolDefinition, ToolHint } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import { toJsonSchema } from './openapi-schema.js';
import { rawOf } from './parts-to-ir.js';
import type { WireDeclaration, WireRequest, WireTool } from './schema.js';

/** Tools the vendor runs itself; one that is missing here is still its own, of no known family. */
const FAMILIES: Readonly<Record<string, ServerToolFamily>> = {
  googleSearch: 'web-search',
  googleSearchRetrieval: 'web-search',
  enterpriseWebSearch: 'web-search',
  urlContext: 'web-fetch',
  codeExecution: 'code',
  fileSearch: 'file-search',
  retrieval: 'file-search',
  mcpServers: 'mcp',
};

/** Declared by its vendor, carried out by the client. */
const RUN_BY_CLIENT: readonly string[] = ['computerUse'];

const VALIDATED = 'VALIDATED';

type Calling = NonNullable<NonNullable<WireRequest['toolConfig']>['functionCallingConfig']>;

const modeOf = (calling: Calling | undefined): string | undefined => calling?.mode?.toUpperCase();

/** Every function and every tool of the vendor's own, one by one, in the order of the body. */
export function toolsToIr(tools: readonly WireTool[], calling: Calling | undefined): readonly ToolDefinition[] {
  // The mode holds for all of them: the vendor then keeps every call to its schema.
  const strict = modeOf(calling) === VALIDATED ? { strict: true } : {};
  return tools.flatMap(({ functionDeclarations = [], ...hosted }) => [
    ...functionDeclarations.map((declaration) => ({ ...functionToIr(declaration), ...strict })),
    ...Object.entries(hosted).flatMap(([name, config]) => (config === undefined ? [] : [hostedToIr(name, config)])),
  ]);
}

function functionToIr(declaration: WireDeclaration): ToolDefinition {
  const { name, description, parameters, parametersJsonSchema } = declaration;
  const schema = (parametersJsonSchema ?? parameters) as JsonObject | undefined;
  return {
    kind: 'function',
    name,
    ...given({ description }),
    ...(schema && { parameters: toJsonSchema(schema) }),
    ...hintsOf(declaration),
    ...rawOf(declaration),
  };
}

function hintsOf({ behavior, response, responseJsonSchema }: WireDeclaration): { hints?: readonly ToolHint[] } {
  const hints: readonly (ToolHint | false)[] = [
    behavior === 'NON_BLOCKING' && 'async',
    (response ?? responseJsonSchema) !== undefined && 'output-schema',
  ];
  const kept = hints.filter((hint) => hint !== false);
  return kept.length > 0 ? { hints: kept } : {};
}

function hostedToIr(name: string, config: unknown): HostedTool {
  const family = lookUp(FAMILIES, name) ?? 'other';
  const blocked = isJsonObject(config) ? config['excludeDomains'] : undefined;
  return {
    kind: 'hosted',
    name,
    family,
    runBy: RUN_BY_CLIENT.includes(name) ? 'client' : 'server',
    ...(family === 'web-search' &&
      Array.isArray(blocked) &&
      blocked.length > 0 && { search: { blockedDomains: blocked as readonly string[] } }),
    ...rawOf({ [name]: config }),
  };
}

/** The name under which what bounds a search is told, besides the domains that the hub knows. */
const SEARCH_BOUND = 'tools.googleSearch.';

/** How searches are bounded beyond what other vendors have words for; the tool itself keeps it for its own. */
export const searchBounds = (tools: readonly WireTool[]): JsonObject =>
  Object.fromEntries(
    tools.flatMap(({ googleSearch }) => {
      const { excludeDomains: _inHub, ...bounds } = googleSearch ?? {};
      return Object.entries(bounds as JsonObject).map(([name, value]) => [`${SEARCH_BOUND}${name}`, value]);
    }),
  );

export const isSearchBound = (field: string): boolean => field.startsWith(SEARCH_BOUND);

const CHOICE = { AUTO: 'auto', ANY: 'required', NONE: 'none' } as const;

export function choiceToIr(calling: Calling | undefined): ToolChoice | undefined {
  const mode = modeOf(calling);
  const names = calling?.allowedFunctionNames ?? [];
  const [only] = names;
  if (names.length > 0 && (mode === 'ANY' || mode === VALIDATED)) {
    if (mode === 'ANY' && names.length === 1 && only !== undefined)
      return { mode: 'one', name: only, kind: 'function' };
    return { mode: 'allowed', names, required: mode === 'ANY' };
  }
  const plain = lookUp(CHOICE, mode);
  return plain && { mode: plain };
}
