import { checkContents } from './check-contents.js';
import type { GeminiModel } from './models.js';
import type { Json } from './proto.js';
import { isObject } from './proto.js';
import { refuse } from './refuse.js';

export const configOf = (request: Json): Json =>
  isObject(request['generationConfig']) ? request['generationConfig'] : {};
export const thinkingConfigOf = (request: Json): Json => {
  const { thinkingConfig } = configOf(request);
  return isObject(thinkingConfig) ? thinkingConfig : {};
};
export const toolsOf = (request: Json): readonly Json[] =>
  Array.isArray(request['tools']) ? request['tools'].filter(isObject) : [];
export const declarationsOf = (request: Json): readonly Json[] =>
  toolsOf(request).flatMap((tool) =>
    Array.isArray(tool['functionDeclarations']) ? tool['functionDeclarations'].filter(isObject) : [],
  );
export const callingConfigOf = (request: Json): Json => {
  const config = request['toolConfig'];
  return isObject(config) && isObject(config['functionCallingConfig']) ? config['functionCallingConfig'] : {};
};

/** Refuses what Google refuses once the names and types of all fields are in order. */
export const checkRequest = (request: Json, model: GeminiModel): void => {
  checkContents(request, model);
  checkConfig(configOf(request), model);
  checkThinking(thinkingConfigOf(request), model);
  checkDeclarations(request);
  checkToolMix(request, model);
  if (typeof request['cachedContent'] === 'string') refuse('CachedContent not found (or permission denied)', 403);
};

const STOPS_MAX = 5;
const CANDIDATES_MAX = 8;

const RANGES = [
  { field: 'temperature', name: 'temperature', min: 0, max: 2 },
  { field: 'topP', name: 'top_p', min: 0, max: 1 },
  { field: 'topK', name: 'top_k', min: 1, max: 1_000_000 },
  { field: 'maxOutputTokens', name: 'max_output_tokens', min: 1, max: 2_147_483_647 },
  { field: 'candidateCount', name: 'candidate_count', min: 1, max: CANDIDATES_MAX },
] as const;

const checkConfig = (config: Json, model: GeminiModel): void => {
  for (const { field, name, min, max } of RANGES) {
    const value = config[field];
    if (typeof value === 'number' && (value < min || value > max))
      refuse(`* GenerateContentRequest.generation_config.${name}: ${name} must be in the range [${min}, ${max}].\n`);
  }
  const stops = config['stopSequences'];
  if (Array.isArray(stops) && stops.length > STOPS_MAX)
    refuse(
      `* GenerateContentRequest.generation_config.stop_sequences: the number of stop sequences must be at most ${STOPS_MAX}.\n`,
    );
  if (model.generation === '3' && typeof config['candidateCount'] === 'number' && config['candidateCount'] > 1)
    refuse('Multiple candidates is not enabled for this model');
  if (config['responseSchema'] !== undefined && config['responseJsonSchema'] !== undefined)
    refuse(
      '* GenerateContentRequest.generation_config.response_json_schema: only one of response_schema and response_json_schema may be set.\n',
    );
  const shaped = config['responseSchema'] ?? config['responseJsonSchema'];
  if (shaped !== undefined && config['responseMimeType'] !== 'application/json')
    refuse(
      "* GenerateContentRequest.generation_config.response_mime_type: a response schema requires response_mime_type 'application/json'.\n",
    );
};

const checkThinking = (thinking: Json, model: GeminiModel): void => {
  const { thinkingBudget: budget, thinkingLevel: level } = thinking;
  if (budget !== undefined && level !== undefined)
    refuse('You can only set only one of thinking budget and thinking level.');
  if (level !== undefined && model.generation === '2.5') refuse('Thinking level is not supported for this model.');
  if (level === 'MINIMAL' && model.thinkingFloor === 'some')
    refuse('Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.');
  if (budget === 0 && model.thinkingFloor === 'some')
    refuse('Budget 0 is invalid. This model only works in thinking mode.');
};

const FUNCTION_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;

const checkDeclarations = (request: Json): void => {
  const names = new Set<string>();
  for (const [index, tool] of toolsOf(request).entries()) {
    const declarations = Array.isArray(tool['functionDeclarations'])
      ? tool['functionDeclarations'].filter(isObject)
      : [];
    for (const [number, declaration] of declarations.entries()) {
      const at = `GenerateContentRequest.tools[${index}].function_declarations[${number}]`;
      const name = String(declaration['name'] ?? '');
      if (!FUNCTION_NAME.test(name))
        refuse(
          `* ${at}.name: [Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.]\n`,
        );
      if (names.has(name)) refuse(`Duplicate function declaration found: ${name}`);
      names.add(name);
      if (declaration['parameters'] !== undefined && declaration['parametersJsonSchema'] !== undefined)
        refuse(`* ${at}.parameters_json_schema: only one of parameters and parameters_json_schema may be set.\n`);
      if (isObject(declaration['parameters'])) checkSchema(declaration['parameters'], `${at}.parameters`);
    }
  }
  const allowed = callingConfigOf(request)['allowedFunctionNames'];
  if (!Array.isArray(allowed)) return;
  const mode = callingConfigOf(request)['mode'];
  if (mode !== 'ANY' && mode !== 'VALIDATED')
    refuse(
      '* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: allowed_function_names should only be set when the mode is ANY or VALIDATED.\n',
    );
  const unknown = allowed.find((name) => !names.has(String(name)));
  if (unknown !== undefined)
    refuse(
      `* GenerateContentRequest.tool_config.function_calling_config.allowed_function_names: unknown function name ${JSON.stringify(unknown)}.\n`,
    );
};

const checkSchema = (schema: Json, at: string): void => {
  const { type, properties, items, required } = schema;
  const known = isObject(properties) ? properties : {};
  if (type === 'OBJECT' && Object.keys(known).length === 0)
    refuse(`* ${at}.properties: should be non-empty for OBJECT type\n`);
  if (type === 'ARRAY' && items === undefined) refuse(`* ${at}.items: missing field.\n`);
  if (schema['enum'] !== undefined && type !== 'STRING') refuse(`* ${at}.enum: only allowed for STRING type\n`);
  for (const [index, name] of (Array.isArray(required) ? required : []).entries())
    if (known[String(name)] === undefined) refuse(`* ${at}.required[${index}]: property is not defined\n`);
  for (const [name, property] of Object.entries(known))
    if (isObject(property)) checkSchema(property, `${at}.properties[${name}]`);
  if (isObject(items)) checkSchema(items, `${at}.items`);
};

const checkToolMix = (request: Json, model: GeminiModel): void => {
  const functions = declarationsOf(request).length > 0;
  if (callingConfigOf(request)['mode'] === 'ANY' && !functions)
    refuse('Function calling config is set without function_declarations.');
  if (model.generation === '3' || !functions) return;
  if (toolsOf(request).some((tool) => tool['googleSearch'] !== undefined || tool['codeExecution'] !== undefined))
    refuse('Tool use with function calling is unsupported');
  if (configOf(request)['responseMimeType'] === 'application/json')
    refuse("Function calling with a response mime type: 'application/json' is unsupported");
};
