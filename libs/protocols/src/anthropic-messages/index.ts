import type { Protocol } from '../protocol.js';
import { tryParseJson } from '@bytespike/kernel';
import { responseFromIr } from './answer-from-ir.js';
import { continuing } from './continuing.js';
import type { Decoding } from './decode-stream.js';
import type { Encoding } from './encode-stream.js';
import { FOREIGN_FIELDS } from './foreign-fields.js';
import { requestFromIr } from './from-ir.js';
import { placeInBody } from './place.js';
import { WireChunk, WireRequest, WireResponse } from './schema.js';
import { stream } from './stream.js';
import { requestToIr, responseToIr } from './to-ir.js';

export const anthropicMessages: Protocol<WireRequest, WireResponse, WireChunk, Decoding, Encoding> = {
  name: 'anthropic-messages',
  schema: { request: WireRequest, response: WireResponse, chunk: WireChunk },
  toIr: { request: requestToIr, response: responseToIr },
  fromIr: { request: requestFromIr, response: responseFromIr },
  stream,
  framing: {
    read: ({ data }) => (data === undefined ? undefined : (tryParseJson(data) ?? null)),
    // The SDKs skip records without an event line.
    write: (chunk) => `event: ${chunk.type}\ndata: ${JSON.stringify(chunk)}\n\n`,
    comments: 'tolerated',
  },
  names: {
    tool: { pattern: /^[A-Za-z0-9_-]+$/, lengthMax: 128 },
    call: { pattern: /^[A-Za-z0-9_-]+$/, lengthMax: 128 },
  },
  fields: {
    'limits.maxOutputTokens': 'max_tokens',
    toolChoice: 'tool_choice',
    parallelTools: 'tool_choice.disable_parallel_tool_use',
    'reasoning.mode': 'thinking.type',
    'reasoning.effort': 'output_config.effort',
    'reasoning.budgetTokens': 'thinking.budget_tokens',
    'reasoning.show': 'thinking.display',
    format: 'output_config.format',
    'sampling.temperature': 'temperature',
    'sampling.topP': 'top_p',
    'sampling.topK': 'top_k',
    'sampling.stop': 'stop_sequences',
    'caching.auto': 'cache_control',
    'tier.want': 'service_tier',
    'tier.speed': 'speed',
    'identity.endUser': 'metadata.user_id',
  },
  place: placeInBody,
  reasoning: {
    sealed: { shown: 'signature', hidden: 'redacted' },
    // A client that has not switched thinking on expects its answer in the first block.
    given: ({ reasoning }) => (reasoning?.mode === undefined || reasoning.mode === 'off' ? 'nothing' : 'all'),
    // Claude Code prints the last block: a signature behind the text, as Gemini's is, would print as nothing.
    behindText: 'left-out',
    handedBack: 'surely',
    takesBack: () => true,
    unverified: /invalid `?(?:signature|data)`?|thinking` blocks .*cannot be modified|thinking.*could not be verified/i,
  },
  continuing,
  toolForms: () => ({ custom: 'wrap', namespaces: 'flatten' }),
  foreignFields: FOREIGN_FIELDS,
  featureHeaders: ['anthropic-beta'],
  usageOnRequest: false,
};
