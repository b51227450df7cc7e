import { tryParseJson } from '@bytespike/kernel';

import { chatCompatibility } from '../compatibility/chat.js';
import type { Protocol } from '../protocol.js';
import type { Decoding } from './decode-stream.js';
import { responseFromIr } from './answer-from-ir.js';
import type { Encoding } from './encode-stream.js';
import { FOREIGN_FIELDS } from './foreign-fields.js';
import { requestFromIr } from './from-ir.js';
import { placeInChat } from './place.js';
import { DONE, WireChunk, WireRequest, WireResponse } from './schema.js';
import { stream } from './stream.js';
import { requestToIr, responseToIr } from './to-ir.js';

export const openaiChat: Protocol<WireRequest, WireResponse, WireChunk, Decoding, Encoding> = {
  name: 'openai-chat',
  schema: { request: WireRequest, response: WireResponse, chunk: WireChunk },
  toIr: { request: requestToIr, response: responseToIr },
  fromIr: { request: requestFromIr, response: responseFromIr },
  stream,
  framing: {
    read: ({ data }) => {
      if (data === undefined) return undefined;
      return data.trim() === DONE ? DONE : (tryParseJson(data) ?? null);
    },
    write: (chunk) => `data: ${chunk === DONE ? DONE : JSON.stringify(chunk)}\n\n`,
    comments: 'tolerated',
  },
  names: {
    tool: { pattern: /^[A-Za-z0-9_-]+$/, lengthMax: 64 },
    call: { pattern: /^[\x21-\x7e]+$/, lengthMax: 64 },
  },
  fields: {
    'limits.maxOutputTokens': 'max_completion_tokens',
    toolChoice: 'tool_choice',
    'reasoning.effort': 'reasoning_effort',
    'reasoning.mode': 'thinking.type',
    format: 'response_format',
    'sampling.temperature': 'temperature',
    'sampling.topP': 'top_p',
    'sampling.candidates': 'n',
    'sampling.stop': 'stop',
    'sampling.seed': 'seed',
    'sampling.frequencyPenalty': 'frequency_penalty',
    'sampling.presencePenalty': 'presence_penalty',
    'sampling.logitBias': 'logit_bias',
    'sampling.logprobs': 'logprobs',
    'caching.key': 'prompt_cache_key',
    'state.store': 'store',
    'tier.want': 'service_tier',
    'identity.metadata': 'metadata',
  },
  place: placeInChat,
  reasoning: {
    sealed: { shown: 'encrypted-content', hidden: 'encrypted-content' },
    given: () => 'all',
    behindText: 'given',
    handedBack: 'perhaps',
    takesBack: (vendor, model) => chatCompatibility(vendor, model).reasoningReplay !== 'never',
  },
  toolForms: (vendor, model) => ({ custom: chatCompatibility(vendor, model).customTools, namespaces: 'flatten' }),
  foreignFields: FOREIGN_FIELDS,
  featureHeaders: [],
  usageOnRequest: true,
};
