import type { Part, ToolResultPart, Turn } from '../brain/conversation.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { readArguments } from '../openai/read-arguments.js';
import { mediaFromUrl } from '../prompt/media.js';
import { toolCallsOf } from './message-order.js';

/** The messages as turns. Tool messages in a row are one turn: the results of one step. */
export const readMessages = (messages: readonly Json[]): readonly Turn[] => {
  const turns: Turn[] = [];
  const names = new Map<string, string>();
  let results: Part[] | undefined;
  for (const message of messages) {
    if (message['role'] === 'tool') {
      if (results === undefined) turns.push({ role: 'user', parts: (results = []) });
      results.push(resultOf(message, names));
      continue;
    }
    results = undefined;
    for (const call of toolCallsOf(message)) names.set(String(call['id']), nameOf(call));
    turns.push({ role: roleOf(message), parts: partsOf(message) });
  }
  return turns;
};

const roleOf = (message: Json): Turn['role'] => {
  if (message['role'] === 'assistant') return 'assistant';
  return message['role'] === 'system' || message['role'] === 'developer' ? 'system' : 'user';
};

const partsOf = (message: Json): readonly Part[] => {
  const reasoning = message['reasoning_content'];
  const thinking: Part[] =
    typeof reasoning === 'string' && reasoning !== '' ? [{ type: 'thinking', text: reasoning }] : [];
  return [...thinking, ...contentOf(message['content']), ...toolCallsOf(message).map(callOf)];
};

/** The pieces of a message's content, which may be a string, a list of parts, or absent. */
const contentOf = (content: unknown): readonly Part[] => {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.flatMap((part) => (isObject(part) ? pieceOf(part) : [])) : [];
};

const pieceOf = (part: Json): readonly Part[] => {
  const { text, refusal, image_url: image, file, input_audio: audio } = part;
  if (typeof text === 'string') return [{ type: 'text', text }];
  if (typeof refusal === 'string') return [{ type: 'text', text: refusal }];
  if (isObject(image)) return [mediaFromUrl(String(image['url']), 'image/*')];
  if (typeof image === 'string') return [mediaFromUrl(image, 'image/*')];
  if (isObject(file)) return [mediaFromUrl(String(file['file_data'] ?? file['file_id']), 'application/pdf')];
  if (isObject(audio))
    return [mediaFromUrl(`data:audio/${String(audio['format'])};base64,${String(audio['data'])}`, 'audio/*')];
  return [];
};

const nameOf = (call: Json): string => {
  const definition = call[String(call['type'] ?? 'function')];
  return isObject(definition) ? String(definition['name']) : '';
};

const callOf = (call: Json): Part => {
  const definition = call[String(call['type'] ?? 'function')];
  const written = isObject(definition) ? (definition['arguments'] ?? definition['input']) : undefined;
  return { type: 'tool-call', id: String(call['id']), name: nameOf(call), input: readArguments(written) };
};

const resultOf = (message: Json, names: ReadonlyMap<string, string>): ToolResultPart => {
  const id = String(message['tool_call_id']);
  const name = names.get(id);
  const parts = contentOf(message['content']).flatMap((part) =>
    part.type === 'text' || part.type === 'media' ? [part] : [],
  );
  return { type: 'tool-result', id, ...(name !== undefined && { name }), outcome: 'ok', parts };
};
