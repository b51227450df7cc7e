import { tryParseJson } from '@bytespike/kernel';

import { responsesCompatibility } from '../compatibility/responses.js';
import type { Protocol } from '../protocol.js';
import { responseFromIr } from './answer-from-ir.js';
import type { Decoding } from './decode-stream.js';
import type { Encoding } from './encode-stream.js';
import { FOREIGN_FIELDS } from './foreign-fields.js';
import { requestFromIr } from './from-ir.js';
import { placeInInput } from './place.js';
import { WireChunk, WireRequest, WireResponse } from './schema.js';
import { stream } from './stream.js';
import { requestToIr, responseToIr } from './to-ir.js';

/** How some servers of the sister wire end a stream; here it says nothing. */
const DONE = '[DONE]';

export const openaiResponses: Protocol<WireRequest, WireResponse, WireChunk, Decoding, Encoding> = {
  name: 'openai-responses',
  schema: { request: WireRequest, response: WireResponse, chunk: WireChunk },
  toIr: { request: requestToIr, response: responseToIr },
  fromIr: { request: requestFromIr, response: responseFromIr },
  stream,
  framing: {
    read: ({ data }) => (data === undefined || data.trim() === DONE ? undefined : (tryParseJson(data) ?? null)),
    write: (chunk) => `event: ${chunk.type ?? 'error'}\ndata: ${JSON.stringify(chunk)}\n\n`,
    comments: 'tolerated',
  },
  names: {
    tool: { pattern: /^[A-Za-z0-9_-]+$/, lengthMax: 64 },
    call: { pattern: /^[\x21-\x7e]+$/, lengthMax: 64 },
  },
  fields: {
    'limits.maxOutputTokens': 'max_output_tokens',
    'limits.maxToolCalls': 'max_tool_calls',
    toolChoice: 'tool_choice',
    parallelTools: 'parallel_tool_calls',
    'reasoning.effort': 'reasoning.effort',
    'reasoning.mode': 'reasoning.effort',
    'reasoning.show': 'reasoning.summary',
    format: 'text.format',
    verbosity: 'text.verbosity',
    'sampling.temperature': 'temperature',
    'sampling.topP': 'top_p',
    'sampling.logprobs': 'top_logprobs',
    'caching.key': 'prompt_cache_key',
    'state.previousResponseId': 'previous_response_id',
    'state.conversation': 'conversation',
    'state.background': 'background',
    'tier.want': 'service_tier',
    'identity.metadata': 'metadata',
  },
  place: placeInInput,
  reasoning: {
    sealed: { shown: 'encrypted-content', hidden: 'encrypted-content' },
    given: () => 'all',
    behindText: 'given',
    handedBack: 'surely',
    unverified: /encrypted[ _]content[^]*(?:could not be|cannot be) (?:verified|decrypted)/i,
    takesBack: (vendor, model) => responsesCompatibility(vendor, model).reasoningState !== 'none',
  },
  toolForms: (vendor, model) => {
    const { customTools: custom, namespaces } = responsesCompatibility(vendor, model);
    return { custom, namespaces };
  },
  foreignFields: FOREIGN_FIELDS,
  featureHeaders: ['openai-beta', 'x-openai-internal-codex-responses-lite'],
  usageOnRequest: false,
};
