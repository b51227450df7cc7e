import { hash } from 'node:crypto';
import type {
  Conversation,
  JsonObject,
  JsonValue,
  MediaPart,
  Part,
  ToolChoice,
  ToolDeclaration,
  Turn,
} from '../brain/conversation.js';
import { base64Bytes } from '../prompt/media.js';
import { callingConfigOf, configOf, declarationsOf, thinkingConfigOf, toolsOf } from './check-request.js';
import { contentsOf, partsOf } from './check-contents.js';
import type { GeminiModel } from './models.js';
import type { Json } from './proto.js';
import { isObject } from './proto.js';

/** The request with Gemini's spelling taken off. */
export const readRequest = (request: Json, model: GeminiModel): Conversation => {
  const config = configOf(request);
  const outputSchema = outputSchemaOf(config);
  const limit = config['maxOutputTokens'];
  return {
    vendor: 'google',
    model: model.id,
    turns: [...systemTurns(request['systemInstruction']), ...readContents(contentsOf(request))],
    ...toolTerms(request),
    parallelCalls: 'allowed',
    thinking: thinks(request) ? 'on' : 'off',
    ...(outputSchema !== undefined && { outputSchema }),
    webSearch: toolsOf(request).some(
      (tool) => tool['googleSearch'] !== undefined || tool['googleSearchRetrieval'] !== undefined,
    )
      ? 'offered'
      : 'absent',
    maxOutputTokens: typeof limit === 'number' ? Math.min(limit, model.outputTokenLimit) : model.outputTokenLimit,
    stopSequences: Array.isArray(config['stopSequences']) ? config['stopSequences'].map(String) : [],
  };
};

/** These models think unless told not to: a budget of zero, or the lowest level. */
const thinks = (request: Json): boolean => {
  const { thinkingBudget, thinkingLevel } = thinkingConfigOf(request);
  return thinkingBudget !== 0 && thinkingLevel !== 'MINIMAL';
};

const systemTurns = (instruction: unknown): readonly Turn[] =>
  isObject(instruction) ? [{ role: 'system', parts: partsOf(instruction).flatMap((part) => readPart(part, [])) }] : [];

/** Contents of one side in a row are one turn; results find their calls by id, else by name and order. */
const readContents = (contents: readonly Json[]): readonly Turn[] => {
  const turns: { role: Turn['role']; parts: Part[] }[] = [];
  let calls: PendingCall[] = [];
  for (const [index, content] of contents.entries()) {
    const role = content['role'] === 'model' ? 'assistant' : 'user';
    if (role === 'assistant' && turns.at(-1)?.role !== 'assistant') calls = [];
    for (const [at, part] of partsOf(content).entries()) {
      const call = part['functionCall'];
      if (isObject(call)) calls.push({ id: String(call['id'] ?? `call-${index}-${at}`), name: String(call['name']) });
    }
    const parts = partsOf(content).flatMap((part, at) => readPart(part, calls, `call-${index}-${at}`));
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else turns.push({ role, parts });
  }
  return turns;
};

interface PendingCall {
  readonly id: string;
  readonly name: string;
}

const readPart = (part: Json, calls: PendingCall[], callId = ''): readonly Part[] => {
  const { text, inlineData, fileData, functionCall, functionResponse } = part;
  if (typeof text === 'string') {
    if (part['thought'] === true) return [{ type: 'thinking', text }];
    return text === '' ? [] : [{ type: 'text', text }];
  }
  if (isObject(inlineData) || isObject(fileData)) return [mediaOf(part)];
  if (isObject(functionCall))
    return [
      {
        type: 'tool-call',
        id: String(functionCall['id'] ?? callId),
        name: String(functionCall['name']),
        input: valueOf(functionCall['args'] ?? {}),
      },
    ];
  if (isObject(functionResponse)) return [resultOf(functionResponse, calls)];
  return [];
};

const mediaOf = (part: Json): MediaPart => {
  const { inlineData, fileData } = part;
  if (isObject(inlineData)) {
    const data = String(inlineData['data'] ?? '');
    return {
      type: 'media',
      mime: String(inlineData['mimeType']),
      bytes: base64Bytes(data),
      source: hash('sha1', data),
    };
  }
  const file = isObject(fileData) ? fileData : {};
  return {
    type: 'media',
    mime: String(file['mimeType'] ?? 'application/octet-stream'),
    bytes: 0,
    source: String(file['fileUri']),
  };
};

const resultOf = (response: Json, calls: PendingCall[]): Part => {
  const name = String(response['name']);
  const byId = calls.findIndex((call) => call.id === response['id']);
  const at = byId >= 0 ? byId : calls.findIndex((call) => call.name === name);
  const [call] = at >= 0 ? calls.splice(at, 1) : [];
  const body = isObject(response['response']) ? response['response'] : {};
  const media = Array.isArray(response['parts']) ? response['parts'].filter(isObject).map(mediaOf) : [];
  const said = body['error'] ?? body['output'] ?? body['result'] ?? body;
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  return {
    type: 'tool-result',
    id: call?.id ?? String(response['id'] ?? name),
    name,
    outcome: body['error'] === undefined ? 'ok' : 'error',
    parts: [{ type: 'text', text }, ...media],
  };
};

const valueOf = (value: unknown): JsonValue => value as JsonValue;

const toolTerms = (request: Json): { readonly tools: readonly ToolDeclaration[]; readonly toolChoice: ToolChoice } => {
  const tools = declarationsOf(request).map((declaration): ToolDeclaration => ({
    name: String(declaration['name']),
    ...(typeof declaration['description'] === 'string' && { description: declaration['description'] }),
    schema: jsonSchema(
      declaration['parametersJsonSchema'] ?? declaration['parameters'] ?? { type: 'object', properties: {} },
    ),
  }));
  const { mode, allowedFunctionNames: allowed } = callingConfigOf(request);
  const offered = Array.isArray(allowed) ? tools.filter(({ name }) => allowed.includes(name)) : tools;
  if (mode === 'NONE') return { tools, toolChoice: { mode: 'none' } };
  return { tools: offered, toolChoice: { mode: mode === 'ANY' ? 'any' : 'auto' } };
};

const outputSchemaOf = (config: Json): JsonObject | undefined => {
  if (config['responseMimeType'] !== 'application/json') return undefined;
  const schema = config['responseJsonSchema'] ?? config['responseSchema'];
  return schema === undefined ? {} : jsonSchema(schema);
};

/** An OpenAPI schema is JSON Schema but for its upper-case types, which some clients also write where JSON Schema is due. */
const jsonSchema = (schema: unknown): JsonObject => {
  const lowered = lowerTypes(schema);
  return isObject(lowered) ? (lowered as JsonObject) : {};
};

const lowerTypes = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(lowerTypes);
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'type' && typeof value === 'string' ? value.toLowerCase() : lowerTypes(value),
    ]),
  );
};
