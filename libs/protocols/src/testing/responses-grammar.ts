/**
 * The grammar of a Responses stream, written from the reference (protocols 1.2) and not from our encoder, so that one
 * cannot excuse the other.
 */
interface Part {
  readonly type?: string;
  readonly text?: string;
  readonly refusal?: string;
}

interface Item {
  readonly id?: string;
  readonly type?: string;
  readonly status?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly content?: readonly Part[];
  readonly summary?: readonly Part[];
}

interface Event {
  readonly type: string;
  readonly sequence_number?: number;
  readonly output_index?: number;
  readonly content_index?: number;
  readonly summary_index?: number;
  readonly item_id?: string;
  readonly item?: Item;
  readonly part?: Part;
  readonly delta?: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly response?: Readonly<Record<string, unknown>> & { readonly id?: string; readonly output?: readonly Item[] };
}

/** What the SDK's type of a response cannot do without. */
const RESPONSE_FIELDS = [
  'id object created_at status error incomplete_details instructions metadata model output',
  'parallel_tool_calls temperature tool_choice tools top_p usage',
]
  .join(' ')
  .split(' ');

const TERMINALS = ['response.completed', 'response.incomplete'];

/** How the events of a growing text are called, by the place it grows in, and which field tells it whole. */
const TEXTS: Readonly<Record<string, 'text' | 'refusal' | 'arguments' | 'input'>> = {
  'response.output_text': 'text',
  'response.refusal': 'refusal',
  'response.reasoning_summary_text': 'text',
  'response.reasoning_text': 'text',
  'response.function_call_arguments': 'arguments',
  'response.custom_tool_call_input': 'input',
};

/** Records of an SSE text but for comments; throws when one lacks its event line or names another event. */
export function readResponsesStream(text: string): readonly Event[] {
  return text
    .split('\n\n')
    .filter((record) => record !== '' && !record.startsWith(': '))
    .map((record) => {
      const match = /^event: (\S+)\ndata: ([^\n]*)$/.exec(record);
      if (!match) throw new Error(`not a record: ${record}`);
      const event = JSON.parse(match[2] ?? '') as Event;
      if (event.type !== match[1]) throw new Error(`event ${match[1]} carries ${event.type}`);
      return event;
    });
}

/** What has been read: items by number, open parts and texts by their place, and how far the end has come. */
interface Reading {
  readonly id: string | undefined;
  readonly items: Map<number, { readonly item: Item; isDone: boolean }>;
  readonly parts: Set<string>;
  readonly texts: Map<string, string>;
  ended: boolean;
}

/** The first fault of a stream, or `undefined`. `whole` streams must end in a terminal event that tells everything. */
export function findResponsesFault(events: readonly Event[], expected: 'whole' | 'cut'): string | undefined {
  const [first, second] = events;
  if (!first) return expected === 'whole' ? 'empty' : undefined;
  if (first.type !== 'response.created') return `begins with ${first.type}`;
  if (second && second.type !== 'response.in_progress') return `goes on with ${second.type}`;
  const reading: Reading = {
    id: first.response?.id,
    items: new Map(),
    parts: new Set(),
    texts: new Map(),
    ended: false,
  };
  if (!reading.id?.startsWith('resp_')) return 'an id without resp_';
  for (const [position, event] of events.entries()) {
    if (event.sequence_number !== position) return `number ${event.sequence_number} where ${position} is next`;
    const fault = readEvent(reading, event);
    if (fault !== undefined) return `${event.type}: ${fault}`;
  }
  return (expected === 'whole') === reading.ended
    ? undefined
    : `a ${expected} stream that ${reading.ended ? 'ends' : 'does not end'}`;
}

function readEvent(reading: Reading, event: Event): string | undefined {
  if (reading.ended) return 'comes after the end';
  if (event.response) return readLifecycle(reading, event);
  const { output_index: at } = event;
  if (at === undefined) return 'has no output_index';
  if (event.type === 'response.output_item.added') return addItem(reading, event, at);
  const known = reading.items.get(at);
  if (!known) return `item ${at} was never added`;
  if (known.isDone) return `item ${at} is done`;
  if (event.type === 'response.output_item.done') return endItem(reading, event, at);
  if (event.item_id !== known.item.id) return `names ${event.item_id}, not ${known.item.id}`;
  if (event.type.endsWith('_part.added') || event.type.endsWith('_part.done')) return readPart(reading, event);
  return readText(reading, event);
}

function readLifecycle(reading: Reading, { type, response }: Event): string | undefined {
  if (response?.id !== reading.id) return 'another id';
  const missing = RESPONSE_FIELDS.find((field) => !(field in (response ?? {})));
  if (missing) return `lacks ${missing}`;
  if (!TERMINALS.includes(type)) return undefined;
  reading.ended = true;
  if (`response.${String(response?.['status'])}` !== type) return `says ${String(response?.['status'])}`;
  if (type === 'response.incomplete' && !response?.['incomplete_details']) return 'does not say why';
  const open = [...reading.items].find(([, { isDone }]) => !isDone);
  if (open) return `item ${open[0]} is not done`;
  const told = [...reading.items.values()].map(({ item }) => item);
  return JSON.stringify(response?.output) === JSON.stringify(told) ? undefined : 'its output is not what was told';
}

function addItem(reading: Reading, { item }: Event, at: number): string | undefined {
  if (!item?.id || !item.type) return 'an item without an id or a type';
  if (at !== reading.items.size) return `item ${at} where ${reading.items.size} is next`;
  if ([...reading.items.values()].some(({ isDone }) => !isDone)) return 'begins while another item is open';
  const same = [...reading.items.values()].some(({ item: other }) => other.id === item.id);
  if (same) return `the id ${item.id} twice`;
  const full =
    [item.arguments, item.input].some((text) => text) || [item.content, item.summary].some((list) => list?.length);
  if (full && item.type !== 'mcp_call') return 'an item that is announced full';
  if (item.type.endsWith('tool_call') || item.type === 'function_call') {
    if (!item.call_id || !item.name) return 'a call without an id or a name';
    if (item.call_id === item.id) return 'one id for the item and the call';
  }
  reading.items.set(at, { item, isDone: false });
  return undefined;
}

function endItem(reading: Reading, { item }: Event, at: number): string | undefined {
  const known = reading.items.get(at)?.item;
  if (!item || item.id !== known?.id || item.type !== known?.type) return 'is another item';
  if ([...reading.parts].some((place) => place.startsWith(`${at}.`))) return 'while a part is open';
  const texts = [...reading.texts].filter(([place]) => place.startsWith(`${at}.`)).map(([, text]) => text);
  const told = [
    item.arguments,
    item.input,
    ...[item.content, item.summary].flatMap((list) => (list ?? []).map(({ text, refusal }) => text ?? refusal)),
  ];
  if (texts.some((text) => !told.includes(text))) return 'does not repeat what its deltas told';
  reading.items.set(at, { item, isDone: true });
  return undefined;
}

const placeOf = ({ output_index, content_index, summary_index }: Event): string =>
  [output_index, summary_index === undefined ? `c${content_index ?? ''}` : `s${summary_index}`].join('.');

function readPart(reading: Reading, event: Event): string | undefined {
  const place = placeOf(event);
  if (event.type.endsWith('.added')) {
    if (reading.texts.has(place)) return `part ${place} twice`;
    if (event.part?.text || event.part?.refusal) return 'a part that begins full';
    reading.parts.add(place);
    reading.texts.set(place, '');
    return undefined;
  }
  if (!reading.parts.delete(place)) return `part ${place} is not open`;
  return (event.part?.text ?? event.part?.refusal) === reading.texts.get(place)
    ? undefined
    : 'does not repeat its text';
}

function readText(reading: Reading, event: Event): string | undefined {
  const [name = '', moment = ''] = [event.type.slice(0, event.type.lastIndexOf('.')), event.type.split('.').at(-1)];
  if (/^response\.(web_search_call|image_generation_call)$/.test(name)) return undefined;
  const place = placeOf(event);
  const field = TEXTS[name];
  if (event.type === 'response.output_text.annotation.added')
    return reading.parts.has(place) ? undefined : `part ${place} is not open`;
  if (!field) return 'an unknown event';
  const isCall = field === 'arguments' || field === 'input';
  if (!isCall && !reading.parts.has(place)) return `part ${place} is not open`;
  if (moment === 'delta') {
    if (!event.delta) return 'an empty delta';
    reading.texts.set(place, (reading.texts.get(place) ?? '') + event.delta);
    return undefined;
  }
  return event[field] === (reading.texts.get(place) ?? '') ? undefined : 'does not repeat its deltas';
}
