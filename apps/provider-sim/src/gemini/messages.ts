import type { Kind, Message } from './proto.js';

const list = (kind: Kind): Kind => ({ list: kind });
const map = (kind: Kind): Kind => ({ map: kind });
const one = (message: () => Message): Kind => ({ message });
const word = (type: string, ...oneOf: readonly string[]): Kind => ({ oneOf, type });

const BLOB: Message = { mimeType: 'string', data: 'bytes', displayName: 'string' };
const FILE: Message = { mimeType: 'string', fileUri: 'string', displayName: 'string' };

const MEDIA_RESOLUTION = word(
  'MediaResolution',
  'MEDIA_RESOLUTION_UNSPECIFIED',
  'MEDIA_RESOLUTION_LOW',
  'MEDIA_RESOLUTION_MEDIUM',
  'MEDIA_RESOLUTION_HIGH',
  'MEDIA_RESOLUTION_ULTRA_HIGH',
);

const FUNCTION_RESPONSE: Message = {
  id: 'string',
  name: 'string',
  response: 'any',
  parts: list(one(() => ({ inlineData: one(() => BLOB), fileData: one(() => FILE), mediaProcessing: 'any' }))),
  scheduling: word('FunctionResponse.Scheduling', 'SCHEDULING_UNSPECIFIED', 'SILENT', 'WHEN_IDLE', 'INTERRUPT'),
  willContinue: 'boolean',
};

/** The fields of a part that make up its `data`: exactly one may be set. */
export const PART_DATA = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'functionResponse',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
] as const;

const PART: Message = {
  text: 'string',
  thought: 'boolean',
  thoughtSignature: 'bytes',
  inlineData: one(() => BLOB),
  fileData: one(() => FILE),
  functionCall: one(() => ({ id: 'string', name: 'string', args: 'any' })),
  functionResponse: one(() => FUNCTION_RESPONSE),
  executableCode: one(() => ({ id: 'string', language: 'string', code: 'string' })),
  codeExecutionResult: one(() => ({ id: 'string', outcome: 'string', output: 'string' })),
  toolCall: one(() => ({ id: 'string', toolType: 'string', args: 'any' })),
  toolResponse: one(() => ({ id: 'string', toolType: 'string', response: 'any' })),
  mediaResolution: 'any',
  videoMetadata: one(() => ({ startOffset: 'string', endOffset: 'string', fps: 'number' })),
  mediaProcessing: 'any',
  partMetadata: 'any',
};

const CONTENT: Message = { role: 'string', parts: list(one(() => PART)) };

/** The OpenAPI subset: what JSON Schema knows beyond it is an unknown name. */
const SCHEMA: Message = {
  type: word('Schema.Type', 'TYPE_UNSPECIFIED', 'STRING', 'NUMBER', 'INTEGER', 'BOOLEAN', 'ARRAY', 'OBJECT', 'NULL'),
  format: 'string',
  title: 'string',
  description: 'string',
  nullable: 'boolean',
  enum: list('string'),
  items: one(() => SCHEMA),
  maxItems: 'integer',
  minItems: 'integer',
  properties: map(one(() => SCHEMA)),
  required: list('string'),
  minProperties: 'integer',
  maxProperties: 'integer',
  minimum: 'number',
  maximum: 'number',
  minLength: 'integer',
  maxLength: 'integer',
  pattern: 'string',
  example: 'any',
  default: 'any',
  anyOf: list(one(() => SCHEMA)),
  propertyOrdering: list('string'),
};

const FUNCTION_DECLARATION: Message = {
  name: 'string',
  description: 'string',
  parameters: one(() => SCHEMA),
  parametersJsonSchema: 'any',
  response: one(() => SCHEMA),
  responseJsonSchema: 'any',
  behavior: word('FunctionDeclaration.Behavior', 'UNSPECIFIED', 'BLOCKING', 'NON_BLOCKING'),
};

const TOOL: Message = {
  functionDeclarations: list(one(() => FUNCTION_DECLARATION)),
  googleSearch: one(() => ({
    timeRangeFilter: one(() => ({ startTime: 'string', endTime: 'string' })),
    searchTypes: 'any',
  })),
  googleSearchRetrieval: 'any',
  urlContext: one(() => ({})),
  codeExecution: one(() => ({})),
  fileSearch: 'any',
  googleMaps: 'any',
  computerUse: 'any',
  mcpServers: 'any',
};

const TOOL_CONFIG: Message = {
  functionCallingConfig: one(() => ({
    mode: word('FunctionCallingConfig.Mode', 'MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'),
    allowedFunctionNames: list('string'),
  })),
  retrievalConfig: 'any',
  includeServerSideToolInvocations: 'boolean',
};

const THINKING_CONFIG: Message = {
  includeThoughts: 'boolean',
  thinkingBudget: 'integer',
  thinkingLevel: word('ThinkingConfig.ThinkingLevel', 'THINKING_LEVEL_UNSPECIFIED', 'MINIMAL', 'LOW', 'MEDIUM', 'HIGH'),
};

const GENERATION_CONFIG: Message = {
  temperature: 'number',
  topP: 'number',
  topK: 'number',
  candidateCount: 'integer',
  maxOutputTokens: 'integer',
  stopSequences: list('string'),
  presencePenalty: 'number',
  frequencyPenalty: 'number',
  seed: 'integer',
  responseLogprobs: 'boolean',
  logprobs: 'integer',
  responseMimeType: 'string',
  responseSchema: one(() => SCHEMA),
  responseJsonSchema: 'any',
  responseFormat: 'any',
  responseModalities: list('string'),
  mediaResolution: MEDIA_RESOLUTION,
  speechConfig: 'any',
  thinkingConfig: one(() => THINKING_CONFIG),
  imageConfig: 'any',
  audioTranscriptionConfig: 'any',
  enableEnhancedCivicAnswers: 'boolean',
};

export const GENERATE_REQUEST: Message = {
  model: 'string',
  contents: list(one(() => CONTENT)),
  systemInstruction: one(() => CONTENT),
  tools: list(one(() => TOOL)),
  toolConfig: one(() => TOOL_CONFIG),
  safetySettings: list(one(() => ({ category: 'string', threshold: 'string' }))),
  cachedContent: 'string',
  generationConfig: one(() => GENERATION_CONFIG),
  labels: map('string'),
  serviceTier: word('ServiceTier', 'UNSPECIFIED', 'FLEX', 'STANDARD', 'PRIORITY'),
  store: 'boolean',
  continuationToken: 'string',
};

export const COUNT_REQUEST: Message = {
  model: 'string',
  contents: list(one(() => CONTENT)),
  generateContentRequest: one(() => GENERATE_REQUEST),
};
