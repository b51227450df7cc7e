import type { JsonObject, Usage } from '@bytespike/kernel';
import type { Finish, FinishReason, GenerateRequest, StreamEvent } from '@bytespike/ir';

import { given } from '../given.js';
import { lookUp } from '../look-up.js';
import type { WireResponse } from './schema-events.js';
import { TIER_FROM_IR } from './tier.js';
import type { ToolPlace } from './tools-to-ir.js';
import { usageFromIr } from './usage.js';

/** The fields of a response that are known before anything has been put out. */
export type Envelope = Pick<WireResponse, 'id' | 'created_at' | 'model'>;

export const NO_ENVELOPE: Envelope = { id: 'resp_unnamed', created_at: 0, model: '' };

export const openEnvelope = (event: Extract<StreamEvent, { type: 'response-start' }>): Envelope => ({
  id: responseId(event.id),
  created_at: event.createdAt ?? 0,
  model: event.model ?? '',
});

/** Ids on this wire begin with `resp_`; another vendor's keeps its own letters behind that. */
const responseId = (id: string | undefined): string =>
  id?.startsWith('resp_') ? id : `resp_${(id ?? 'unnamed').replace(/[^A-Za-z0-9_-]/g, '_')}`;

const INCOMPLETE = {
  length: 'max_output_tokens',
  'context-window': 'max_output_tokens',
  pause: 'max_messages',
  refusal: 'content_filter',
} as const satisfies Partial<Record<FinishReason, string>>;

/** How far a response has come, and how it ended. */
export interface Progress {
  readonly envelope: Envelope;
  readonly echo: JsonObject;
  readonly tier: string | undefined;
  readonly usage: Usage | undefined;
  readonly finish: Finish | undefined;
  readonly output: readonly JsonObject[];
  readonly refused: boolean;
}

/** A refusal in words is an answer; one without any was cut (protocols 2.9). */
export function endOf({ finish, refused }: Pick<Progress, 'finish' | 'refused'>): {
  readonly status: 'completed' | 'incomplete';
  readonly reason?: string;
} {
  if (finish?.reason === 'refusal' && refused) return { status: 'completed' };
  const reason = lookUp(INCOMPLETE, finish?.reason);
  return reason === undefined ? { status: 'completed' } : { status: 'incomplete', reason };
}

/** The response as every lifecycle event carries it: whole only in the last one. */
export function responseObject(progress: Progress, at: 'begin' | 'end'): WireResponse {
  const { envelope, echo, tier, usage } = progress;
  const end = at === 'end' ? endOf(progress) : undefined;
  const searches = at === 'end' ? usage?.searchCalls : undefined;
  return {
    ...envelope,
    object: 'response',
    status: end?.status ?? 'in_progress',
    background: false,
    completed_at: null,
    error: null,
    incomplete_details: end?.reason === undefined ? null : { reason: end.reason },
    ...echo,
    output: at === 'end' ? ([...progress.output] as WireResponse['output']) : [],
    usage: at === 'end' && usage ? usageFromIr(usage) : null,
    ...(searches !== undefined && { tool_usage: { web_search: { num_requests: searches } } }),
    ...given({ service_tier: lookUp(TIER_FROM_IR, tier) }),
  };
}

/** What clients expect every response to repeat of its request; their SDKs require most of these fields. */
export function echoOf(asked: GenerateRequest | undefined): JsonObject {
  const { temperature, topP, logprobs } = asked?.sampling ?? {};
  const { effort, show } = asked?.reasoning ?? {};
  const extras = asked?.extensions?.['openai-responses'] ?? {};
  const { format = { kind: 'text' } } = asked ?? {};
  const instructions = (asked?.system ?? []).filter(({ slot }) => slot === 'field').flatMap(({ parts }) => parts);
  return {
    access_programs: null,
    instructions: instructions.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n') || null,
    max_output_tokens: asked?.limits?.maxOutputTokens ?? null,
    max_tool_calls: asked?.limits?.maxToolCalls ?? null,
    metadata: asked?.identity?.metadata ?? {},
    parallel_tool_calls: asked?.parallelTools ?? true,
    previous_response_id: asked?.state?.previousResponseId ?? null,
    prompt_cache_key: asked?.caching?.key ?? null,
    reasoning: {
      effort: effort ?? null,
      summary: show === 'summary' ? 'auto' : null,
      ...(extras['reasoning'] as JsonObject | undefined),
    },
    safety_identifier: asked?.identity?.endUser ?? null,
    temperature: temperature ?? null,
    text: { format: formatOf(format), verbosity: asked?.verbosity ?? 'medium' },
    tool_choice: extras['tool_choice'] ?? choiceOf(asked),
    tools: toolsOf(asked),
    top_logprobs: logprobs?.top ?? 0,
    top_p: topP ?? null,
    truncation: extras['truncation'] ?? 'disabled',
    user: null,
  };
}

function formatOf(format: NonNullable<GenerateRequest['format']>): JsonObject {
  if (format.kind === 'text') return { type: 'text' };
  if (format.kind === 'json-object') return { type: 'json_object' };
  const { schema, name = 'response', description, strict } = format;
  return { type: 'json_schema', name, schema, description: description ?? null, strict: strict ?? null };
}

function choiceOf(asked: GenerateRequest | undefined): JsonObject | string {
  const choice = asked?.toolChoice;
  if (!choice) return 'auto';
  if (choice.mode === 'one')
    return choice.kind === 'hosted' ? { type: choice.name } : { type: choice.kind, name: choice.name };
  if (choice.mode !== 'allowed') return choice.mode;
  const tools = choice.names.map((name) => ({ type: 'function', name }));
  return { type: 'allowed_tools', mode: choice.required ? 'required' : 'auto', tools };
}

/** The tools as the client declared them; those that items of the conversation brought are not repeated. */
function toolsOf(asked: GenerateRequest | undefined): JsonObject[] {
  const seen = new Set<string>();
  return (asked?.tools ?? []).flatMap(({ raw }): JsonObject[] => {
    if (raw?.protocol !== 'openai-responses') return [];
    const { at, outer, holder } = raw.value as JsonObject & Partial<ToolPlace>;
    const declared = /^tools\.\d+/.exec(String(at))?.[0];
    if (holder || !declared || !outer || seen.has(declared)) return [];
    seen.add(declared);
    return [outer];
  });
}
