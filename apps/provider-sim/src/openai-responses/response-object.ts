import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { servedTier } from '../openai/service-tier.js';
import { strictSchemaFault } from '../openai/strict-schema.js';
import { formatOf } from './validate.js';

/** A finished response, from which its body and its stream are both written. */
export interface ResponseDraft {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
  readonly ending: 'completed' | 'max_output_tokens' | 'content_filter';
  readonly output: readonly Json[];
  readonly usage: object;
  readonly searches: number;
  readonly background: boolean;
  /** The echoed settings as JSON without its outer braces: the stream repeats them three times. */
  readonly settings: string;
}

export type Status = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

export const finalStatus = (draft: ResponseDraft): Status =>
  draft.ending === 'completed' ? 'completed' : 'incomplete';

/** The response object as JSON text at one moment of its life; before the end it has neither output nor usage. */
export const responseText = (
  draft: ResponseDraft,
  status: Status,
  { output = [], error = null }: { output?: readonly Json[]; error?: object | null } = {},
): string => {
  const isOver = status === 'completed' || status === 'incomplete';
  const reason = status === 'incomplete' ? { reason: draft.ending } : null;
  const head = {
    id: draft.id,
    object: 'response',
    created_at: draft.createdAt,
    status,
    background: draft.background,
    completed_at: status === 'completed' ? draft.createdAt + 1 : null,
    error,
    incomplete_details: reason,
    model: draft.model,
    output: isOver ? draft.output : output,
    usage: isOver ? draft.usage : null,
    ...(isOver && draft.searches > 0 && { tool_usage: { web_search: { num_requests: draft.searches } } }),
  };
  return `${JSON.stringify(head).slice(0, -1)},${draft.settings}}`;
};

const orNull = (value: unknown): unknown => value ?? null;

/** What of the request the response repeats, defaults filled in. */
export const settingsText = (body: Json, { effort }: { readonly effort: string | null }): string => {
  const reasoning = isObject(body['reasoning']) ? body['reasoning'] : {};
  const text = isObject(body['text']) ? body['text'] : {};
  const settings = {
    access_programs: null,
    content_filters: null,
    frequency_penalty: 0,
    instructions: orNull(body['instructions']),
    max_output_tokens: orNull(body['max_output_tokens']),
    max_tool_calls: orNull(body['max_tool_calls']),
    metadata: body['metadata'] ?? {},
    moderation: null,
    parallel_tool_calls: body['parallel_tool_calls'] ?? true,
    presence_penalty: 0,
    previous_response_id: orNull(body['previous_response_id']),
    prompt_cache_key: orNull(body['prompt_cache_key']),
    prompt_cache_retention: orNull(body['prompt_cache_retention']),
    reasoning: {
      effort,
      summary: orNull(reasoning['summary']),
    },
    safety_identifier: orNull(body['safety_identifier']),
    service_tier: servedTier(body['service_tier']),
    store: body['store'] ?? true,
    temperature: body['temperature'] ?? 1,
    text: { format: formatOf(body) ?? { type: 'text' }, verbosity: text['verbosity'] ?? 'medium' },
    tool_choice: body['tool_choice'] ?? 'auto',
    tools: Array.isArray(body['tools']) ? body['tools'].filter(isObject).map(echoedTool) : [],
    top_logprobs: body['top_logprobs'] ?? 0,
    top_p: body['top_p'] ?? 1,
    truncation: body['truncation'] ?? 'disabled',
    user: orNull(body['user']),
  };
  return JSON.stringify(settings).slice(1, -1);
};

/** `strict` left out means that strictness is tried, and the echo says whether it succeeded. */
const echoedTool = (tool: Json): Json => {
  if (tool['type'] !== 'function') return tool;
  const strict = tool['strict'] ?? strictSchemaFault(tool['parameters']) === undefined;
  return { description: null, ...tool, parameters: orNull(tool['parameters']), strict };
};
