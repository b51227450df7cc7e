import type { ReasoningRequest } from '@bytespike/ir';
import { tryParseJson } from '@bytespike/kernel';

import { markedBody, writeExact } from '../exact-json.js';
import type { Protocol } from '../protocol.js';
import { continuing } from './continuing.js';
import type { Decoding } from './decoding.js';
import type { Encoding } from './encode-stream.js';
import { requestFromIr, responseFromIr } from './from-ir.js';
import { place } from './place.js';
import { WireChunk, WireRequest, WireResponse } from './schema.js';
import { stream } from './stream.js';
import { streamForm } from './stream-form.js';
import { requestToIr, responseToIr, STRICTER_SAFETY } from './to-ir.js';

const SHOWN: readonly ReasoningRequest['show'][] = ['summary', 'full', 'updates'];

const config = (field: string): string => `generationConfig.${field}`;

export const geminiGenerate: Protocol<WireRequest, WireResponse, WireChunk, Decoding, Encoding> = {
  name: 'gemini-generate',
  schema: { request: WireRequest, response: WireResponse, chunk: WireChunk },
  toIr: { request: requestToIr, response: responseToIr },
  fromIr: { request: requestFromIr, response: responseFromIr },
  stream,
  framing: {
    read: ({ data }) => (data === undefined ? undefined : (tryParseJson(markedBody(data)) ?? null)),
    // No event line, and a blank behind the colon: this wire's clients read nothing else (clients 0.11).
    write: (chunk) => `data: ${writeExact(chunk)}\n\n`,
    comments: 'refused',
    form: streamForm,
  },
  names: {
    tool: { pattern: /^[A-Za-z_][A-Za-z0-9_.:-]*$/, lengthMax: 128 },
    call: { pattern: /^[\x21-\x7e]+$/, lengthMax: 256 },
  },
  fields: {
    toolChoice: 'toolConfig.functionCallingConfig',
    parallelTools: 'toolConfig.functionCallingConfig',
    'limits.maxOutputTokens': config('maxOutputTokens'),
    'reasoning.mode': config('thinkingConfig.thinkingBudget'),
    'reasoning.budgetTokens': config('thinkingConfig.thinkingBudget'),
    'reasoning.effort': config('thinkingConfig.thinkingLevel'),
    'reasoning.show': config('thinkingConfig.includeThoughts'),
    format: config('responseMimeType'),
    'format.schema': config('responseJsonSchema'),
    'sampling.temperature': config('temperature'),
    'sampling.topP': config('topP'),
    'sampling.topK': config('topK'),
    'sampling.seed': config('seed'),
    'sampling.frequencyPenalty': config('frequencyPenalty'),
    'sampling.presencePenalty': config('presencePenalty'),
    'sampling.candidates': config('candidateCount'),
    'sampling.logprobs': config('responseLogprobs'),
    'sampling.stop': config('stopSequences'),
    'tier.want': 'serviceTier',
    'identity.metadata': 'labels',
    [`extensions.${STRICTER_SAFETY}`]: 'safetySettings',
  },
  place,
  reasoning: {
    sealed: { shown: 'thought-signature', hidden: 'thought-signature' },
    given: ({ reasoning }) => (SHOWN.includes(reasoning?.show) ? 'all' : 'state'),
    // Some clients leave thoughts out of the history they keep, and with them what other vendors' state stands on.
    behindText: 'given',
    handedBack: 'perhaps',
    takesBack: () => true,
    unverified:
      /(?:corrupt|invalid)\w*[^.]{0,40}thought[ _]?signature|thought[ _]?signature[^.]{0,40}(?:invalid|not valid|verif)/i,
  },
  continuing,
  toolForms: () => ({ custom: 'wrap', namespaces: 'flatten' }),
  foreignFields: {
    cachedContent: 'L80',
    continuationToken: 'L80',
    store: 'L82',
    safetySettings: 'L87',
    [STRICTER_SAFETY]: 'L81',
    'generationConfig.responseMimeType': 'L50',
    'generationConfig.responseFormat': 'L50',
    'generationConfig.responseModalities': 'L14',
    'generationConfig.speechConfig': 'L14',
    'generationConfig.imageConfig': 'L14',
    'generationConfig.mediaResolution': 'L12',
  },
  featureHeaders: [],
  usageOnRequest: false,
};
