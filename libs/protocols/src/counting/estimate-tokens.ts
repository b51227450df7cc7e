import type { GenerateRequest, Part, SystemSegment, ToolDefinition, ToolResultContent } from '@bytespike/ir';

import { mediaTokens } from './media-tokens.js';
import { textTokens } from './text-tokens.js';

/** What vendors add around every turn to mark its role: three or four. */
const TOKENS_PER_TURN = 4;

/**
 * How many tokens a request weighs, where nobody can be asked. It counts what becomes part of a prompt in any vendor's
 * rendering: instructions, tools, turns and the marks between them. Not for the hold, which wants an upper bound.
 */
export function estimateTokens({ system, tools, turns }: GenerateRequest): number {
  const instructions = system.length === 0 ? 0 : TOKENS_PER_TURN + sum(system.map(segmentTokens));
  const said = sum(turns.map(({ parts }) => TOKENS_PER_TURN + sum(parts.map(partTokens))));
  return Math.ceil(instructions + sum(tools.map(toolTokens)) + said);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const jsonTokens = (value: unknown): number => textTokens(JSON.stringify(value));

const segmentTokens = ({ parts }: SystemSegment): number => sum(parts.map(partTokens));

/** Tools are shown to a model as the JSON of their declarations. */
function toolTokens(tool: ToolDefinition): number {
  const { name } = tool;
  switch (tool.kind) {
    case 'function':
      return jsonTokens({ name, description: tool.description, parameters: tool.parameters });
    case 'custom':
      return jsonTokens({ name, description: tool.description, format: tool.grammar });
    case 'hosted':
      return jsonTokens({ name, type: tool.family });
  }
}

function partTokens(part: Part | ToolResultContent): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return textTokens(part.text);
    case 'media':
      return mediaTokens(part);
    case 'document':
      return textTokens(part.title ?? '') + textTokens(part.context ?? '') + sum(part.parts.map(partTokens));
    case 'search-result':
      return textTokens(part.source) + textTokens(part.title) + sum(part.parts.map(partTokens));
    case 'reasoning':
      return sum(part.segments.map(textTokens));
    case 'tool-call':
      return textTokens(part.name) + textTokens(part.argumentsText);
    case 'tool-result':
      return 1 + sum(part.content.map(partTokens));
    case 'tool-reference':
      return textTokens(part.name);
    case 'server-tool-call':
      return jsonTokens(part.input);
    case 'server-tool-result':
      return jsonTokens(part.sources);
    case 'opaque':
      return jsonTokens(part.data);
  }
}
