import { isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

type Event = JsonObject & { readonly type: string };

/**
 * A stored response as the stream it may have been (protocols 1.2): every item announced, said in one piece and done.
 * Numbers rise as they do in a first telling, so a client may ask for what comes after one.
 */
export function responseStream(response: JsonObject, startingAfter = -1): string {
  const output = itemsIn(response.output);
  const begun = { ...response, status: 'in_progress', output: [], usage: null, completed_at: null };
  const events: readonly Event[] = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    ...output.flatMap(itemEvents),
    { type: response.status === 'incomplete' ? 'response.incomplete' : 'response.completed', response },
  ];
  return events
    .map(({ type, ...rest }, sequence_number) => ({ type, sequence_number, ...rest }))
    .filter(({ sequence_number }) => sequence_number > startingAfter)
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

const itemsIn = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];

function itemEvents(item: JsonObject, output_index: number): readonly Event[] {
  const at = { item_id: item.id, output_index };
  return [
    { type: 'response.output_item.added', output_index, item: announced(item) },
    ...bodyEvents(item, at),
    { type: 'response.output_item.done', output_index, item },
  ];
}

/** Parts of an item that grow: what an announcement leaves out and its events then bring. */
const GROWING = {
  message: 'content',
  reasoning: 'summary',
  function_call: 'arguments',
  custom_tool_call: 'input',
} as const;

const growingOf = ({ type }: JsonObject): (typeof GROWING)[keyof typeof GROWING] | undefined =>
  typeof type === 'string' && Object.hasOwn(GROWING, type) ? GROWING[type as keyof typeof GROWING] : undefined;

function announced(item: JsonObject): JsonObject {
  const growing = growingOf(item);
  if (growing === undefined) return item;
  const empty = typeof item[growing] === 'string' ? '' : [];
  return { ...item, ...('status' in item && { status: 'in_progress' }), [growing]: empty };
}

function bodyEvents(item: JsonObject, at: JsonObject): readonly Event[] {
  switch (growingOf(item)) {
    case 'content':
      return itemsIn(item.content).flatMap((part, content_index) => saidEvents(part, { ...at, content_index }));
    case 'summary':
      return itemsIn(item.summary).flatMap((part, summary_index) => summaryEvents(part, { ...at, summary_index }));
    case 'arguments':
      return grown('response.function_call_arguments', at, 'arguments', item.arguments);
    case 'input':
      return grown('response.custom_tool_call_input', at, 'input', item.input);
    case undefined:
      return [];
  }
}

function saidEvents(part: JsonObject, at: JsonObject): readonly Event[] {
  const isText = part.type === 'output_text';
  const field = isText ? 'text' : 'refusal';
  const annotations = itemsIn(part.annotations);
  return [
    { type: 'response.content_part.added', ...at, part: { ...part, [field]: '', ...(isText && { annotations: [] }) } },
    {
      type: `response.${isText ? 'output_text' : 'refusal'}.delta`,
      ...at,
      delta: part[field],
      ...(isText && NO_LOGPROBS),
    },
    ...annotations.map((annotation, annotation_index) => ({
      ...{ type: 'response.output_text.annotation.added', ...at },
      ...{ annotation_index, annotation },
    })),
    {
      type: `response.${isText ? 'output_text' : 'refusal'}.done`,
      ...at,
      [field]: part[field],
      ...(isText && NO_LOGPROBS),
    },
    { type: 'response.content_part.done', ...at, part },
  ];
}

const NO_LOGPROBS = { logprobs: [] } as const;

const summaryEvents = (part: JsonObject, at: JsonObject): readonly Event[] => [
  { type: 'response.reasoning_summary_part.added', ...at, part: { ...part, text: '' } },
  ...grown('response.reasoning_summary_text', at, 'text', part.text),
  { type: 'response.reasoning_summary_part.done', ...at, part },
];

const grown = (
  name: string,
  at: JsonObject,
  field: 'text' | 'arguments' | 'input',
  value: JsonValue | undefined,
): readonly Event[] => [
  { type: `${name}.delta`, ...at, delta: value },
  { type: `${name}.done`, ...at, [field]: value },
];
