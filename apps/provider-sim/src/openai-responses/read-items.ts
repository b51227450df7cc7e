import type { Part, ToolResultPart, Turn } from '../brain/conversation.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { readArguments } from '../openai/read-arguments.js';
import { mediaFromUrl } from '../prompt/media.js';
import { decryptReasoning } from './encrypted-content.js';

/** Items as turns: what the model produced in a row is one turn, and so are tool results in a row. */
export const readItems = (items: readonly Json[]): readonly Turn[] => {
  const turns: { role: Turn['role']; kind: Kind; parts: Part[] }[] = [];
  const names = new Map<string, string>();
  for (const item of items) {
    const kind = kindOf(item);
    if (kind === undefined) continue;
    if (typeof item['call_id'] === 'string' && typeof item['name'] === 'string')
      names.set(item['call_id'], item['name']);
    const parts = partsOf(item, names);
    const last = turns.at(-1);
    if (last !== undefined && last.kind === kind && JOINED.includes(kind)) last.parts.push(...parts);
    else turns.push({ role: ROLE[kind], kind, parts: [...parts] });
  }
  return turns.map(({ role, parts }) => ({ role, parts }));
};

type Kind = 'system' | 'user' | 'assistant' | 'result';
const ROLE = { system: 'system', user: 'user', assistant: 'assistant', result: 'user' } as const satisfies Record<
  Kind,
  Turn['role']
>;
const JOINED: readonly Kind[] = ['assistant', 'result'];

const kindOf = (item: Json): Kind | undefined => {
  const type = String(item['type']);
  if (type.endsWith('_output')) return 'result';
  if (type === 'reasoning' || type.endsWith('_call')) return 'assistant';
  if (type !== 'message') return undefined;
  if (item['role'] === 'assistant' || item['role'] === 'user') return item['role'];
  return 'system';
};

const partsOf = (item: Json, names: ReadonlyMap<string, string>): readonly Part[] => {
  switch (item['type']) {
    case 'message':
      return contentOf(item['content']);
    case 'reasoning':
      return [{ type: 'thinking', text: reasoningText(item) }];
    case 'function_call':
      return [
        {
          type: 'tool-call',
          id: String(item['call_id']),
          name: String(item['name']),
          input: readArguments(item['arguments']),
        },
      ];
    case 'custom_tool_call':
      return [
        {
          type: 'tool-call',
          id: String(item['call_id']),
          name: String(item['name']),
          input: { input: String(item['input']) },
        },
      ];
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [resultOf(item, names)];
    default:
      return [];
  }
};

const reasoningText = (item: Json): string => {
  const content = item['encrypted_content'];
  const opened = typeof content === 'string' ? decryptReasoning(content) : undefined;
  if (opened?.type === 'open') return opened.text;
  const readable = [item['content'], item['summary']].flatMap((parts) => (Array.isArray(parts) ? parts : []));
  return readable.flatMap((part: unknown) => (isObject(part) ? String(part['text'] ?? '') : [])).join('\n');
};

const contentOf = (content: unknown): readonly Part[] => {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return Array.isArray(content) ? content.flatMap((part) => (isObject(part) ? pieceOf(part) : [])) : [];
};

const pieceOf = (part: Json): readonly Part[] => {
  const { text, refusal } = part;
  if (typeof text === 'string') return [{ type: 'text', text }];
  if (typeof refusal === 'string') return [{ type: 'text', text: refusal }];
  if (part['type'] === 'input_image') return [mediaFromUrl(String(part['image_url'] ?? part['file_id']), 'image/*')];
  if (part['type'] === 'input_file')
    return [mediaFromUrl(String(part['file_data'] ?? part['file_url'] ?? part['file_id']), 'application/pdf')];
  return [];
};

const resultOf = (item: Json, names: ReadonlyMap<string, string>): ToolResultPart => {
  const id = String(item['call_id']);
  const name = names.get(id);
  const parts = contentOf(item['output']).flatMap((part) =>
    part.type === 'text' || part.type === 'media' ? [part] : [],
  );
  return { type: 'tool-result', id, ...(name !== undefined && { name }), outcome: 'ok', parts };
};
