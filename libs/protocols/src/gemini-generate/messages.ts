/** The messages of a request, by the names the wire gives their fields (protocols 1.4). */
import { list, map, one, type Message } from './proto-json.js';

const BLOB: Message = { mimeType: 'any', data: 'any', displayName: 'any' };
const FILE: Message = { mimeType: 'any', fileUri: 'any', displayName: 'any' };
const MEDIA: Message = { inlineData: one(() => BLOB), fileData: one(() => FILE), mediaProcessing: 'any' };

const FUNCTION_RESPONSE: Message = {
  id: 'any',
  name: 'any',
  response: 'any',
  parts: list(one(() => MEDIA)),
  scheduling: 'any',
  willContinue: 'any',
};

const PART: Message = {
  ...MEDIA,
  text: 'any',
  thought: 'any',
  thoughtSignature: 'any',
  functionCall: one(() => ({ id: 'any', name: 'any', args: 'any' })),
  functionResponse: one(() => FUNCTION_RESPONSE),
  executableCode: one(() => ({ id: 'any', language: 'any', code: 'any' })),
  codeExecutionResult: one(() => ({ id: 'any', outcome: 'any', output: 'any' })),
  toolCall: one(() => ({ id: 'any', toolType: 'any', args: 'any' })),
  toolResponse: one(() => ({ id: 'any', toolType: 'any', response: 'any' })),
  mediaResolution: 'any',
  videoMetadata: one(() => ({ startOffset: 'any', endOffset: 'any', fps: 'number' })),
  partMetadata: 'any',
};

const CONTENT: Message = { role: 'any', parts: list(one(() => PART)) };

/** The OpenAPI subset that `parameters` and `responseSchema` are written in. */
const SCHEMA: Message = {
  type: 'any',
  format: 'any',
  title: 'any',
  description: 'any',
  nullable: 'any',
  enum: 'any',
  default: 'any',
  example: 'any',
  pattern: 'any',
  required: list('any'),
  propertyOrdering: list('any'),
  items: one(() => SCHEMA),
  properties: map(one(() => SCHEMA)),
  anyOf: list(one(() => SCHEMA)),
  minItems: 'number',
  maxItems: 'number',
  minProperties: 'number',
  maxProperties: 'number',
  minLength: 'number',
  maxLength: 'number',
  minimum: 'number',
  maximum: 'number',
};

const DECLARATION: Message = {
  name: 'any',
  description: 'any',
  parameters: one(() => SCHEMA),
  parametersJsonSchema: 'any',
  response: one(() => SCHEMA),
  responseJsonSchema: 'any',
  behavior: 'any',
};

const SEARCH: Message = {
  timeRangeFilter: one(() => ({ startTime: 'any', endTime: 'any' })),
  searchTypes: 'any',
  excludeDomains: list('any'),
};

const TOOL: Message = {
  functionDeclarations: list(one(() => DECLARATION)),
  googleSearch: one(() => SEARCH),
  googleSearchRetrieval: 'any',
  enterpriseWebSearch: 'any',
  urlContext: 'any',
  codeExecution: 'any',
  fileSearch: 'any',
  googleMaps: 'any',
  computerUse: 'any',
  mcpServers: 'any',
  retrieval: 'any',
};

const CALLING: Message = {
  mode: 'any',
  allowedFunctionNames: list('any'),
  streamFunctionCallArguments: 'any',
};

const THINKING: Message = { includeThoughts: 'any', thinkingBudget: 'number', thinkingLevel: 'any' };

const GENERATION: Message = {
  temperature: 'number',
  topP: 'number',
  topK: 'number',
  candidateCount: 'number',
  maxOutputTokens: 'number',
  stopSequences: list('any'),
  presencePenalty: 'number',
  frequencyPenalty: 'number',
  seed: 'number',
  responseLogprobs: 'any',
  logprobs: 'number',
  responseMimeType: 'any',
  responseSchema: one(() => SCHEMA),
  responseJsonSchema: 'any',
  responseModalities: list('any'),
  responseFormat: 'any',
  mediaResolution: 'any',
  speechConfig: 'any',
  thinkingConfig: one(() => THINKING),
  imageConfig: 'any',
  audioTranscriptionConfig: 'any',
  enableEnhancedCivicAnswers: 'any',
};

export const REQUEST: Message = {
  model: 'any',
  contents: list(one(() => CONTENT)),
  systemInstruction: one(() => CONTENT),
  tools: list(one(() => TOOL)),
  toolConfig: one(() => ({
    functionCallingConfig: one(() => CALLING),
    retrievalConfig: 'any',
    includeServerSideToolInvocations: 'any',
  })),
  safetySettings: list(one(() => ({ category: 'any', threshold: 'any', method: 'any' }))),
  cachedContent: 'any',
  generationConfig: one(() => GENERATION),
  labels: 'any',
  serviceTier: 'any',
  store: 'any',
  continuationToken: 'any',
};
