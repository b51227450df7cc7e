import type { Json } from '../openai/fields.js';
import { isObject, unknownParameter } from '../openai/fields.js';
import type { OpenaiModel } from '../openai/models.js';
import { effortFor } from '../openai/models.js';
import { refuse } from '../openai/refuse.js';
import { strictSchemaFault } from '../openai/strict-schema.js';
import { MOVED, RESPONSE_FIELDS } from './request-fields.js';

/** Refuses what OpenAI refuses of a Responses request before it looks at the conversation. */
export const validateResponse = (body: Json, model: OpenaiModel): void => {
  checkFields(body);
  checkState(body);
  checkModelFields(body, model);
  checkSchemas(body);
};

const checkFields = (body: Json): void => {
  for (const key of Object.keys(body)) {
    const check = Object.hasOwn(RESPONSE_FIELDS, key) ? RESPONSE_FIELDS[key] : undefined;
    if (check === undefined) return unknownField(key);
    if (body[key] !== null && body[key] !== undefined) check(body[key], key);
  }
};

const unknownField = (key: string): never => {
  const moved = MOVED[key];
  if (moved === undefined) return unknownParameter(key);
  return refuse(
    `Unsupported parameter: '${key}'. In the Responses API, this parameter has moved to '${moved}'. Try again with the new parameter. See the API documentation for more information: https://platform.openai.com/docs/api-reference/responses/create.`,
    { param: key, code: 'unsupported_parameter' },
  );
};

const checkState = (body: Json): void => {
  if (
    body['input'] === undefined &&
    body['previous_response_id'] === undefined &&
    body['prompt'] === undefined &&
    body['conversation'] === undefined
  )
    refuse("Missing required parameter: 'input'.", { param: 'input', code: 'missing_required_parameter' });
  if (body['previous_response_id'] && body['conversation'])
    refuse(
      "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing one of them.",
      { param: 'previous_response_id', code: 'mutually_exclusive_parameters' },
    );
  if (body['conversation'])
    refuse(
      `Conversation with id '${String(isObject(body['conversation']) ? body['conversation']['id'] : body['conversation'])}' not found.`,
      { status: 404, param: 'conversation' },
    );
  if (body['background'] === true && body['store'] === false)
    refuse("Background mode requires 'store' to be true.", { param: 'background' });
};

const unsupported = (param: string): never =>
  refuse(`Unsupported parameter: '${param}' is not supported with this model.`, {
    param,
    code: 'unsupported_parameter',
  });

export const effortOf = (body: Json, model: OpenaiModel): string =>
  effortFor(model, isObject(body['reasoning']) ? body['reasoning']['effort'] : undefined);

const checkModelFields = (body: Json, model: OpenaiModel): void => {
  const effort = isObject(body['reasoning']) ? body['reasoning']['effort'] : undefined;
  if (model.efforts === undefined) {
    if (typeof effort === 'string') unsupported('reasoning.effort');
    if (Array.isArray(body['include']) && body['include'].includes('reasoning.encrypted_content'))
      refuse('Encrypted content is not supported with this model.', { param: 'include' });
    return;
  }
  if (typeof effort === 'string' && !model.efforts.includes(effort))
    refuse(
      `Unsupported value: '${effort}' is not supported with the '${model.id}' model. Supported values are: ${model.efforts.map((name) => `'${name}'`).join(', ')}.`,
      { param: 'reasoning.effort', code: 'unsupported_value' },
    );
  if (effortOf(body, model) === 'none') return;
  for (const param of ['temperature', 'top_p'])
    if (typeof body[param] === 'number' && body[param] !== 1) unsupported(param);
  if (typeof body['top_logprobs'] === 'number') unsupported('top_logprobs');
};

const checkSchemas = (body: Json): void => {
  const tools = Array.isArray(body['tools']) ? body['tools'] : [];
  for (const [index, tool] of tools.entries()) {
    if (!isObject(tool) || tool['type'] !== 'function' || tool['strict'] !== true) continue;
    const fault = strictSchemaFault(tool['parameters']);
    if (fault !== undefined)
      refuse(`Invalid schema for function '${String(tool['name'])}': ${fault}`, {
        param: `tools[${index}].parameters`,
        code: 'invalid_function_parameters',
      });
  }
  const format = formatOf(body);
  if (format?.['type'] === 'json_object' && !/json/i.test(JSON.stringify([body['input'], body['instructions']])))
    refuse(
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
      { param: 'input' },
    );
  // Omitting `strict` here means "try": only an explicit true makes an unfit schema an error.
  if (format?.['type'] !== 'json_schema' || format['strict'] !== true) return;
  const fault = strictSchemaFault(format['schema']);
  if (fault !== undefined)
    refuse(`Invalid schema for response_format '${String(format['name'])}': ${fault}`, {
      param: 'text.format.schema',
      code: 'invalid_json_schema',
    });
};

export const formatOf = (body: Json): Json | undefined => {
  const text = body['text'];
  return isObject(text) && isObject(text['format']) ? text['format'] : undefined;
};
