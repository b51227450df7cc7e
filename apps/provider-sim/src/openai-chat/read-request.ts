import type { Conversation, JsonObject, ToolChoice, ToolDeclaration, Turn } from '../brain/conversation.js';
import { describedBy } from '../openai/described-by.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { FREEFORM_SCHEMA } from '../openai/freeform.js';
import { messagesOf } from './message-order.js';
import type { ChatModel, ChatProfile } from './profile.js';
import { readMessages } from './read-messages.js';

/** The request with the chat wire's spelling taken off. */
export const readRequest = (body: Json, model: ChatModel, profile: ChatProfile): Conversation => {
  const outputSchema = outputSchemaOf(body, profile);
  const turns = readMessages(messagesOf(body));
  const choice = profile.heeds.toolChoice ? body['tool_choice'] : 'auto';
  return {
    vendor: profile.vendor,
    model: model.id,
    turns: profile.heeds.images ? turns : turns.map(withoutMedia),
    tools: allowedTools(toolsOf(body), choice),
    toolChoice: toolChoiceOf(choice),
    parallelCalls: body['parallel_tool_calls'] === false ? 'single' : 'allowed',
    thinking: profile.thinks(body, model) ? 'on' : 'off',
    ...(outputSchema !== undefined && { outputSchema }),
    webSearch: isObject(body['web_search_options']) || isSearchTool(body) ? 'offered' : 'absent',
    maxOutputTokens: limitOf(body, model, profile),
    stopSequences: stopsOf(body['stop']),
  };
};

const limitOf = (body: Json, model: ChatModel, { heeds }: ChatProfile): number => {
  const asked = heeds.limits.map((field) => body[field]).find((value) => typeof value === 'number');
  return typeof asked === 'number' ? Math.min(asked, model.outputTokensMax) : model.outputTokensMax;
};

const UNSEEN = { type: 'text', text: '[Unsupported Image]' } as const;

/** A model without eyes answers all the same: it is told that there was an image. */
const withoutMedia = (turn: Turn): Turn => ({
  ...turn,
  parts: turn.parts.map((part) => {
    if (part.type === 'media') return UNSEEN;
    return part.type === 'tool-result'
      ? { ...part, parts: part.parts.map((piece) => (piece.type === 'media' ? UNSEEN : piece)) }
      : part;
  }),
});

const stopsOf = (stop: unknown): readonly string[] => {
  if (typeof stop === 'string') return [stop];
  return Array.isArray(stop) ? stop.filter((sequence) => typeof sequence === 'string') : [];
};

const declaredTools = (body: Json): readonly Json[] =>
  Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];

/** Zhipu declares its own search among the tools. */
const isSearchTool = (body: Json): boolean => declaredTools(body).some((tool) => tool['type'] === 'web_search');

const toolsOf = (body: Json): readonly ToolDeclaration[] =>
  declaredTools(body).flatMap((tool) => {
    const { function: definition, custom } = tool;
    if (isObject(custom)) return [{ name: String(custom['name']), ...describedBy(custom), schema: FREEFORM_SCHEMA }];
    if (!isObject(definition) || tool['type'] === 'builtin_function') return [];
    return [
      { name: String(definition['name']), ...describedBy(definition), schema: schemaOf(definition['parameters']) },
    ];
  });

const schemaOf = (value: unknown): JsonObject =>
  isObject(value) ? (value as JsonObject) : { type: 'object', properties: {} };

/** The names that the caller declared as free-form tools, whose calls carry text instead of JSON. */
export const freeformNames = (body: Json): ReadonlySet<string> =>
  new Set(declaredTools(body).flatMap((tool) => (isObject(tool['custom']) ? [String(tool['custom']['name'])] : [])));

const chosenName = (choice: Json): string | undefined => {
  const definition = choice[String(choice['type'])];
  return isObject(definition) && typeof definition['name'] === 'string' ? definition['name'] : undefined;
};

const allowanceOf = (choice: unknown): Json | undefined =>
  isObject(choice) && isObject(choice['allowed_tools']) ? choice['allowed_tools'] : undefined;

const allowedTools = (tools: readonly ToolDeclaration[], choice: unknown): readonly ToolDeclaration[] => {
  const allowance = allowanceOf(choice);
  if (allowance === undefined || !Array.isArray(allowance['tools'])) return tools;
  const names = new Set(allowance['tools'].filter(isObject).map(chosenName));
  return tools.filter(({ name }) => names.has(name));
};

const toolChoiceOf = (choice: unknown): ToolChoice => {
  if (choice === 'none') return { mode: 'none' };
  if (choice === 'required' || allowanceOf(choice)?.['mode'] === 'required') return { mode: 'any' };
  const name = isObject(choice) ? chosenName(choice) : undefined;
  return name === undefined ? { mode: 'auto' } : { mode: 'tool', name };
};

const outputSchemaOf = (body: Json, profile: ChatProfile): JsonObject | undefined => {
  const format = body['response_format'];
  if (!isObject(format)) return undefined;
  if (format['type'] === 'json_object') return {};
  const definition = format['json_schema'];
  if (!profile.heeds.jsonSchema || !isObject(definition)) return undefined;
  return schemaOf(definition['schema']);
};
