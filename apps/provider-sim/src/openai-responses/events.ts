import { tokenize } from '../brain/tokens.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import type { Frame } from '../wire/wire.js';
import type { ResponseDraft } from './response-object.js';
import { finalStatus, responseText } from './response-object.js';

export interface EventStyle {
  readonly obfuscates: boolean;
}

/** Appends an event; `rest` is JSON text that follows the fields every event has. */
type Emit = (type: string, rest: string, part?: Frame['part']) => void;

const PADDING = 'hR2vYk9QeJ6wLs0TnZb4XcUg';
const PADDING_MIN = 4;

/** The whole stream of a response, cut from the finished object, so that its fold is that object. */
export const responseFrames = (draft: ResponseDraft, { obfuscates }: EventStyle): readonly Frame[] => {
  const frames: Frame[] = [];
  const emit: Emit = (type, rest, part = 'content') => {
    frames.push({
      part,
      text: `event: ${type}\ndata: {"type":"${type}","sequence_number":${frames.length},${rest}}\n\n`,
    });
  };
  const pad = (length: number): string =>
    obfuscates ? `,"obfuscation":"${PADDING.slice(0, PADDING_MIN + (length % (PADDING.length - PADDING_MIN)))}"` : '';
  emit('response.created', `"response":${responseText(draft, draft.background ? 'queued' : 'in_progress')}`, 'opening');
  if (draft.background) emit('response.queued', `"response":${responseText(draft, 'queued')}`, 'opening');
  emit('response.in_progress', `"response":${responseText(draft, 'in_progress')}`, 'opening');
  for (const [index, item] of draft.output.entries()) emitItem(item, { emit, pad, index });
  const status = finalStatus(draft);
  emit(`response.${status}`, `"response":${responseText(draft, status)}`, 'terminator');
  return frames;
};

interface Pen {
  readonly emit: Emit;
  readonly pad: (length: number) => string;
  readonly index: number;
}

const emitItem = (item: Json, pen: Pen): void => {
  const { emit, index } = pen;
  emit('response.output_item.added', `"output_index":${index},"item":${JSON.stringify(startedItem(item))}`);
  switch (item['type']) {
    case 'message':
      emitMessage(item, pen);
      break;
    case 'reasoning':
      emitReasoning(item, pen);
      break;
    case 'function_call':
      emitWritten(
        { type: 'response.function_call_arguments', field: 'arguments', text: String(item['arguments']), item },
        pen,
      );
      break;
    case 'custom_tool_call':
      emitWritten({ type: 'response.custom_tool_call_input', field: 'input', text: String(item['input']), item }, pen);
      break;
    case 'web_search_call':
      for (const state of ['in_progress', 'searching', 'completed'])
        emit(`response.web_search_call.${state}`, `"output_index":${index},"item_id":"${String(item['id'])}"`);
  }
  emit('response.output_item.done', `"output_index":${index},"item":${JSON.stringify(item)}`);
};

/** An item as it is announced: what the deltas will bring is still empty. */
const startedItem = (item: Json): Json => {
  switch (item['type']) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'reasoning':
      return { ...item, summary: [], ...(item['content'] !== undefined && { content: [] }) };
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' };
    case 'custom_tool_call':
      return { ...item, status: 'in_progress', input: '' };
    default:
      return { ...item, status: 'in_progress' };
  }
};

const emitMessage = (item: Json, { emit, pad, index }: Pen): void => {
  const content = Array.isArray(item['content']) ? item['content'].filter(isObject) : [];
  for (const [at, part] of content.entries()) {
    const where = `"item_id":"${String(item['id'])}","output_index":${index},"content_index":${at}`;
    const isText = part['type'] === 'output_text';
    const field = isText ? 'text' : 'refusal';
    const event = isText ? 'response.output_text' : 'response.refusal';
    const whole = String(part[field]);
    const empty = isText ? { ...part, annotations: [], logprobs: [], text: '' } : { ...part, refusal: '' };
    emit('response.content_part.added', `${where},"part":${JSON.stringify(empty)}`);
    const odds = Array.isArray(part['logprobs']) ? part['logprobs'] : [];
    for (const [token, delta] of tokenize(whole).entries()) {
      const logprobs = isText ? `,"logprobs":${odds.length === 0 ? '[]' : JSON.stringify([odds[token]])}` : '';
      emit(`${event}.delta`, `${where},"delta":${JSON.stringify(delta)}${logprobs}${pad(delta.length)}`);
    }
    const annotations = Array.isArray(part['annotations']) ? part['annotations'] : [];
    for (const [number, annotation] of annotations.entries())
      emit(
        'response.output_text.annotation.added',
        `${where},"annotation_index":${number},"annotation":${JSON.stringify(annotation)}`,
      );
    const logprobs = isText ? `,"logprobs":${JSON.stringify(odds)}` : '';
    emit(`${event}.done`, `${where},"${field}":${JSON.stringify(whole)}${logprobs}`);
    emit('response.content_part.done', `${where},"part":${JSON.stringify(part)}`);
  }
};

const emitReasoning = (item: Json, pen: Pen): void => {
  const { emit, pad, index } = pen;
  const content = Array.isArray(item['content']) ? item['content'].filter(isObject) : [];
  for (const [at, part] of content.entries()) {
    const where = `"item_id":"${String(item['id'])}","output_index":${index},"content_index":${at}`;
    const text = String(part['text']);
    emit('response.content_part.added', `${where},"part":${JSON.stringify({ ...part, text: '' })}`);
    for (const delta of tokenize(text))
      emit('response.reasoning_text.delta', `${where},"delta":${JSON.stringify(delta)}${pad(delta.length)}`);
    emit('response.reasoning_text.done', `${where},"text":${JSON.stringify(text)}`);
    emit('response.content_part.done', `${where},"part":${JSON.stringify(part)}`);
  }
  const summary = Array.isArray(item['summary']) ? item['summary'].filter(isObject) : [];
  for (const [at, part] of summary.entries()) {
    const where = `"item_id":"${String(item['id'])}","output_index":${index},"summary_index":${at}`;
    const text = String(part['text']);
    emit('response.reasoning_summary_part.added', `${where},"part":{"type":"summary_text","text":""}`);
    for (const delta of tokenize(text))
      emit('response.reasoning_summary_text.delta', `${where},"delta":${JSON.stringify(delta)}${pad(delta.length)}`);
    emit('response.reasoning_summary_text.done', `${where},"text":${JSON.stringify(text)}`);
    emit('response.reasoning_summary_part.done', `${where},"part":${JSON.stringify(part)}`);
  }
};

interface Written {
  readonly type: string;
  readonly field: string;
  readonly text: string;
  readonly item: Json;
}

const emitWritten = ({ type, field, text, item }: Written, { emit, pad, index }: Pen): void => {
  const where = `"item_id":"${String(item['id'])}","output_index":${index}`;
  for (const delta of tokenize(text))
    emit(`${type}.delta`, `${where},"delta":${JSON.stringify(delta)}${pad(delta.length)}`);
  emit(`${type}.done`, `${where},"${field}":${JSON.stringify(text)}`);
};
