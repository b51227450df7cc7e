import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import { idFrom } from '../brain/digest.js';
import type { Call } from '../wire/wire.js';
import type { ResponsesProfile } from './profile.js';
import { findItem, findResponse } from './stored-responses.js';

export interface ResolvedInput {
  /** What this request brought, references replaced by what they name. */
  readonly own: readonly Json[];
  /** The whole conversation: what a previous response left, then `own`. */
  readonly all: readonly Json[];
}

/** The items to answer, with state looked up where the request leans on it. */
export const resolveInput = (body: Json, call: Call, profile: ResponsesProfile): ResolvedInput => {
  const items = itemsOf(body['input']);
  const previous = body['previous_response_id'];
  if (profile.state === 'none') return { own: items, all: withoutState(items, previous) };
  const own = items.map((item) => resolveItem(item, call, profile));
  if (typeof previous !== 'string') return { own, all: own };
  const found =
    findResponse(call, previous) ??
    refuse(`Previous response with id '${previous}' not found.`, {
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  return { own, all: [...found.history, ...own] };
};

/** A vendor that remembers nothing has nothing to look up. */
const withoutState = (items: readonly Json[], previous: unknown): readonly Json[] => {
  if (typeof previous === 'string')
    refuse('previous_response_id is not supported.', { param: 'previous_response_id', code: 'unsupported_parameter' });
  if (items.some((item) => item['type'] === 'item_reference'))
    refuse('item_reference is not supported.', { param: 'input', code: 'unsupported_parameter' });
  return items;
};

/** A plain string is one user message. */
const itemsOf = (input: unknown): readonly Json[] => {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  return Array.isArray(input) ? input.filter(isObject).map(withType) : [];
};

const withType = (item: Json): Json => {
  if (item['type'] !== undefined) return item;
  return { type: item['role'] === undefined ? 'item_reference' : 'message', ...item };
};

const resolveItem = (item: Json, call: Call, { reasoning }: ResponsesProfile): Json => {
  const id = item['id'];
  if (item['type'] === 'item_reference') return findItem(call, String(id)) ?? notPersisted(String(id));
  // Where reasoning is readable it comes back whole; a sealed one without its seal is only a name.
  if (reasoning !== 'sealed') return item;
  if (item['type'] === 'reasoning' && typeof id === 'string' && typeof item['encrypted_content'] !== 'string')
    return findItem(call, id) ?? notPersisted(id);
  return item;
};

const notPersisted = (id: string): never =>
  refuse(
    `Item with id '${id}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
    { status: 404, param: 'input' },
  );

const ID_PREFIX: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  web_search_call: 'ws',
  additional_tools: 'at',
};

/** Input items as the vendor lists them: each has an id, and a message's text is in parts. */
export const listedItems = (items: readonly Json[], material: string): readonly Json[] =>
  items.map((item, index) => {
    const id = item['id'] ?? `${ID_PREFIX[String(item['type'])] ?? 'item'}_${idFrom(`${material} input ${index}`)}`;
    if (item['type'] !== 'message') return { ...item, id };
    const content = typeof item['content'] === 'string' ? [textPart(item['content'], item['role'])] : item['content'];
    return { id, type: 'message', status: 'completed', ...item, content };
  });

const textPart = (text: string, role: unknown): Json =>
  role === 'assistant' ? { type: 'output_text', text, annotations: [], logprobs: [] } : { type: 'input_text', text };
