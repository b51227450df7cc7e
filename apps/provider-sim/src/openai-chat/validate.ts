import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import type { OpenaiModel } from '../openai/models.js';
import { effortFor } from '../openai/models.js';
import { refuse } from '../openai/refuse.js';
import { strictSchemaFault } from '../openai/strict-schema.js';
import { CHAT_FIELDS } from './fields.js';
import { findDisorder, messagesOf, toolCallsOf } from './message-order.js';

/** Refuses what OpenAI refuses of a chat request, with OpenAI's own words. */
export const validateOpenaiChat = (body: Json, model: OpenaiModel): void => {
  checkFields(body);
  checkModelFields(body, model);
  checkMessages(messagesOf(body));
  checkTools(body);
  checkResponseFormat(body);
};

const checkFields = (body: Json): void => {
  for (const key of Object.keys(body)) {
    const check = Object.hasOwn(CHAT_FIELDS, key) ? CHAT_FIELDS[key] : undefined;
    if (check === undefined) return refuse(`Unrecognized request argument supplied: ${key}`);
    if (body[key] !== null && body[key] !== undefined) check(body[key], key);
  }
  if (body['messages'] === undefined)
    refuse("Missing required parameter: 'messages'.", { param: 'messages', code: 'missing_required_parameter' });
  if (body['stream_options'] && body['stream'] !== true)
    refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", { param: 'stream_options' });
  if (typeof body['top_logprobs'] === 'number' && body['logprobs'] !== true)
    refuse("The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.", { param: 'top_logprobs' });
};

const unsupported = (param: string, advice = ''): never =>
  refuse(`Unsupported parameter: '${param}' is not supported with this model.${advice}`, {
    param,
    code: 'unsupported_parameter',
  });

const SAMPLING = { temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0 } as const;
const UNSAMPLED = ['logprobs', 'top_logprobs', 'logit_bias'] as const;

const checkModelFields = (body: Json, model: OpenaiModel): void => {
  if (body['web_search_options'] && model.search !== 'always')
    refuse('Web search options not supported with this model.', { param: 'web_search_options' });
  const effort = body['reasoning_effort'];
  if (model.efforts === undefined) {
    if (typeof effort === 'string') refuse('Unrecognized request argument supplied: reasoning_effort', {});
    return;
  }
  if (typeof body['max_tokens'] === 'number') unsupported('max_tokens', " Use 'max_completion_tokens' instead.");
  if (typeof effort === 'string' && !model.efforts.includes(effort))
    refuse(
      `Unsupported value: 'reasoning_effort' does not support '${effort}' with this model. Supported values are: ${model.efforts.map((name) => `'${name}'`).join(', ')}.`,
      { param: 'reasoning_effort', code: 'unsupported_value' },
    );
  if (body['stop'] !== undefined && body['stop'] !== null) unsupported('stop');
  if (effortFor(model, effort) === 'none') return;
  for (const [param, usual] of Object.entries(SAMPLING)) {
    const value = body[param];
    if (typeof value === 'number' && value !== usual)
      refuse(
        `Unsupported value: '${param}' does not support ${value} with this model. Only the default (${usual}) value is supported.`,
        { param, code: 'unsupported_value' },
      );
  }
  for (const param of UNSAMPLED)
    if (body[param] !== undefined && body[param] !== null && body[param] !== false) unsupported(param);
};

const IMAGE_URL = /^(https?:\/\/|data:image\/(png|jpeg|jpg|gif|webp);base64,[A-Za-z0-9+/=\s]+$)/;

const checkMessages = (messages: readonly Json[]): void => {
  for (const [index, message] of messages.entries()) {
    const isEmpty = message['content'] === null || message['content'] === undefined;
    if (
      message['role'] === 'assistant' &&
      isEmpty &&
      toolCallsOf(message).length === 0 &&
      !message['function_call'] &&
      !message['refusal'] &&
      !message['audio']
    )
      refuse("Invalid value for 'content': expected a string, got null.", { param: `messages.[${index}].content` });
    if (Array.isArray(message['content'])) for (const part of message['content']) checkImage(part);
  }
  const disorder = findDisorder(messages);
  if (disorder?.type === 'stray-result')
    refuse(
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      { param: `messages.[${disorder.index}].role` },
    );
  if (disorder?.type === 'unanswered')
    refuse(
      `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${disorder.ids.join(', ')}`,
      { param: `messages.[${disorder.index}].role` },
    );
};

const checkImage = (part: unknown): void => {
  const image = isObject(part) && isObject(part['image_url']) ? part['image_url']['url'] : undefined;
  if (typeof image !== 'string' || IMAGE_URL.test(image)) return;
  refuse(
    "You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].",
    { code: 'invalid_image_format' },
  );
};

const checkTools = (body: Json): void => {
  const tools = Array.isArray(body['tools']) ? body['tools'].filter(isObject) : [];
  if (tools.length === 0 && body['tool_choice'] && body['tool_choice'] !== 'none')
    refuse("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", {
      param: 'tool_choice',
    });
  if (tools.length === 0 && body['parallel_tool_calls'] !== undefined && body['parallel_tool_calls'] !== null)
    refuse(
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
      { param: 'parallel_tool_calls' },
    );
  const names = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    const definition = tool[String(tool['type'])];
    if (!isObject(definition)) continue;
    names.add(definition['name']);
    const fault = definition['strict'] === true ? strictSchemaFault(definition['parameters']) : undefined;
    if (fault !== undefined)
      refuse(`Invalid schema for function '${String(definition['name'])}': ${fault}`, {
        param: `tools[${index}].function.parameters`,
        code: 'invalid_function_parameters',
      });
  }
  const choice = body['tool_choice'];
  const chosen = isObject(choice) ? choice[String(choice['type'])] : undefined;
  if (isObject(chosen) && chosen['name'] !== undefined && !names.has(chosen['name']))
    refuse(
      `Invalid value for 'tool_choice': no function named '${String(chosen['name'])}' was specified in the 'tools' parameter.`,
      { param: 'tool_choice' },
    );
};

const checkResponseFormat = (body: Json): void => {
  const format = body['response_format'];
  if (!isObject(format)) return;
  if (format['type'] === 'json_object' && !/json/i.test(JSON.stringify(body['messages'])))
    refuse("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", {
      param: 'messages',
    });
  const definition = format['json_schema'];
  if (!isObject(definition) || definition['strict'] !== true) return;
  const fault = strictSchemaFault(definition['schema']);
  if (fault !== undefined)
    refuse(`Invalid schema for response_format '${String(definition['name'])}': ${fault}`, {
      param: 'response_format',
    });
};
