import { GatewayError, isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

/** One turn as it is kept: what its request added and what came of it, as wire items. */
export interface StoredTurn {
  readonly responseId: string;
  /** The turn before it, when the request named one. */
  readonly previousId?: string;
  readonly input: readonly JsonObject[];
  readonly output: readonly JsonObject[];
}

/** A turn and the response object that told of it; its `output` is the turn's. */
export interface StoredResponse {
  readonly turn: StoredTurn;
  readonly answer: JsonObject;
}

/** An id that a vendor or we could have given; anything else cannot have been stored. */
const ID = /^[\x21-\x7e]{1,256}$/;
export const isStoredId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** A request's input as items: a plain string is one message, an item that only names an id is a reference. */
export function inputItems(input: JsonValue | undefined): readonly JsonObject[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }];
  if (input === undefined || input === null) return [];
  if (!Array.isArray(input)) throw badInput('input');
  return (input as readonly JsonValue[]).map((item, index) => {
    if (!isJsonObject(item)) throw badInput(`input[${index}]`);
    if (item.type !== undefined && item.type !== null) return item;
    return { ...item, type: item.role === undefined && item.id !== undefined ? 'item_reference' : 'message' };
  });
}

const badInput = (param: string): GatewayError =>
  new GatewayError('invalid-request', `${param}: must be a string or a list of items`, { details: { param } });

export const isReference = (item: JsonObject): boolean => item.type === 'item_reference';

/** What becomes of an exchange that its client may come back to; `undefined` when the answer is no finished response. */
export function storedResponse(
  request: JsonObject,
  input: readonly JsonObject[],
  answer: JsonValue | undefined,
): StoredResponse | undefined {
  if (!isJsonObject(answer) || !isStoredId(answer.id) || !Array.isArray(answer.output)) return undefined;
  if (answer.status !== 'completed' && answer.status !== 'incomplete') return undefined;
  const previousId = request.previous_response_id;
  const turn = {
    responseId: answer.id,
    ...(isStoredId(previousId) && { previousId }),
    input,
    output: (answer.output as readonly JsonValue[]).filter(isJsonObject),
  };
  // A vendor that was sent the whole conversation knows of no earlier response, and keeps nothing itself.
  return { turn, answer: { ...answer, previous_response_id: previousId ?? null, store: true, output: [] } };
}

/** The response object as its client reads it. */
export const responseObject = ({ turn, answer }: StoredResponse): JsonObject => ({ ...answer, output: turn.output });

const ID_PREFIX: Readonly<Record<string, string>> = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
};

/** What a turn was asked, as it is listed: every item has an id, and a message's text is in parts. */
export const listedInput = ({ responseId, input }: StoredTurn): readonly JsonObject[] =>
  input.map((item, index) => {
    const type = typeof item.type === 'string' ? item.type : '';
    const id = isStoredId(item.id)
      ? item.id
      : `${ID_PREFIX[type] ?? 'item'}_${responseId.replace(/^resp_/, '')}i${index}`;
    if (type !== 'message') return { ...item, id };
    const { content } = item;
    return {
      status: 'completed',
      ...item,
      id,
      content: typeof content === 'string' ? [textPart(item, content)] : content,
    };
  });

const textPart = ({ role }: JsonObject, text: string): JsonObject =>
  role === 'assistant' ? { type: 'output_text', text, annotations: [] } : { type: 'input_text', text };

/** Ids under which items of a turn may be referred to; the newest, where there are very many. */
export const itemIds = (turn: StoredTurn): readonly string[] =>
  [...new Set([...listedInput(turn), ...turn.output].map(({ id }) => id).filter(isStoredId))].slice(-ITEM_IDS_MAX);

const ITEM_IDS_MAX = 1_000;
