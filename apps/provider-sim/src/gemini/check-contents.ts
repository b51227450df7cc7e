import type { GeminiModel } from './models.js';
import { PART_DATA } from './messages.js';
import type { Json } from './proto.js';
import { isObject, snake } from './proto.js';
import { refuse } from './refuse.js';
import { isThoughtSignature } from './thought-signature.js';

/** One side's contents in a row, which is how Google counts turns. */
interface Turn {
  readonly role: 'user' | 'model';
  readonly parts: readonly Json[];
}

export const contentsOf = (request: Json): readonly Json[] =>
  Array.isArray(request['contents']) ? request['contents'].filter(isObject) : [];
export const partsOf = (content: Json): readonly Json[] =>
  Array.isArray(content['parts']) ? content['parts'].filter(isObject) : [];

/** Refuses contents whose shape, order or signatures Google refuses. */
export const checkContents = (request: Json, model: GeminiModel): void => {
  const contents = contentsOf(request);
  if (contents.length === 0) refuse('* GenerateContentRequest.contents: contents is not specified\n');
  for (const [index, content] of contents.entries()) checkContent(content, index);
  const turns = turnsOf(contents);
  checkOrder(turns);
  checkSignatures(turns, model);
};

const ROLES = ['user', 'model', 'function', 'tool'];

const checkContent = (content: Json, index: number): void => {
  const at = `GenerateContentRequest.contents[${index}]`;
  const role = content['role'];
  if (role !== undefined && role !== '' && !ROLES.includes(String(role)))
    refuse('Please use a valid role: user, model.');
  const parts = partsOf(content);
  if (parts.length === 0) refuse(`* ${at}.parts: contents.parts must not be empty.\n`);
  for (const [number, part] of parts.entries())
    checkPart(part, `${at}.parts[${number}]`, `contents[${index}].parts[${number}]`);
};

const checkPart = (part: Json, at: string, path: string): void => {
  const held = PART_DATA.filter((field) => part[field] !== undefined);
  if (held.length === 0) refuse(`* ${at}.data: required oneof field 'data' must have one initialized field\n`);
  if (held.length > 1)
    refuse(
      `Invalid value at '${path}' (oneof), oneof field 'data' is already set. Cannot set '${snake(String(held[1]))}'`,
    );
  const { functionResponse, functionCall, inlineData } = part;
  if (isObject(functionResponse) && !functionResponse['name'])
    refuse(`* ${at}.function_response.name: Name cannot be empty.\n`);
  if (
    isObject(functionResponse) &&
    functionResponse['response'] !== undefined &&
    !isObject(functionResponse['response'])
  )
    refuse(
      `Invalid value at '${path}.function_response.response' (type.googleapis.com/google.protobuf.Struct), ${JSON.stringify(functionResponse['response'])}`,
    );
  if (isObject(functionCall) && !functionCall['name']) refuse(`* ${at}.function_call.name: Name cannot be empty.\n`);
  if (isObject(inlineData) && !inlineData['mimeType'])
    refuse(`* ${at}.inline_data.mime_type: mime_type is required.\n`);
};

const turnsOf = (contents: readonly Json[]): readonly Turn[] => {
  const turns: { role: Turn['role']; parts: Json[] }[] = [];
  for (const content of contents) {
    const role = content['role'] === 'model' ? 'model' : 'user';
    const last = turns.at(-1);
    if (last?.role === role) last.parts.push(...partsOf(content));
    else turns.push({ role, parts: [...partsOf(content)] });
  }
  return turns;
};

const callsIn = (turn: Turn | undefined): readonly Json[] =>
  turn?.parts.filter((part) => part['functionCall'] !== undefined) ?? [];
const responsesIn = (turn: Turn | undefined): readonly Json[] =>
  turn?.parts.filter((part) => part['functionResponse'] !== undefined) ?? [];

const checkOrder = (turns: readonly Turn[]): void => {
  if (turns[0]?.role === 'model' && callsIn(turns[0]).length > 0)
    refuse(
      'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
    );
  if (turns.length === 1 && turns[0]?.role === 'model')
    refuse('Please ensure that single turn requests end with a user role or the role field is empty.');
  for (const [index, turn] of turns.entries()) {
    const calls = callsIn(turn).length;
    if (turn.role === 'model' && calls !== responsesIn(turns[index + 1]).length)
      refuse(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      );
    if (turn.role === 'user' && responsesIn(turn).length > 0 && callsIn(turns[index - 1]).length === 0)
      refuse('Please ensure that function response turn comes immediately after a function call turn.');
  }
};

const nameOf = (part: Json): string => (isObject(part['functionCall']) ? String(part['functionCall']['name']) : '');

const checkSignatures = (turns: readonly Turn[], model: GeminiModel): void => {
  for (const { parts } of turns)
    for (const part of parts) {
      const signature = part['thoughtSignature'];
      const name = nameOf(part);
      if (
        typeof signature === 'string' &&
        !isThoughtSignature(signature, name === '' ? { type: 'text' } : { type: 'call', name })
      )
        refuse('Corrupted thought signature.');
    }
  if (model.generation !== '3') return;
  // Only the steps since the user last said something are checked, and in each only the first call of the group.
  const start = turns.findLastIndex((turn) => turn.role === 'user' && responsesIn(turn).length === 0);
  for (const [index, turn] of turns.entries()) {
    const first = index > start && turn.role === 'model' ? callsIn(turn)[0] : undefined;
    if (first === undefined || typeof first['thoughtSignature'] === 'string') continue;
    refuse(
      `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${nameOf(first)}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`,
    );
  }
};
