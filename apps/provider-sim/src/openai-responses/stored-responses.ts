import type { Json } from '../openai/fields.js';
import type { Call } from '../wire/wire.js';
import type { ResponseDraft } from './response-object.js';

/** What is kept of a stored response: enough to show it, to replay its stream, and to continue it. */
export interface StoredResponse {
  readonly draft: ResponseDraft;
  /** What this request brought, each item with an id. */
  readonly input: readonly Json[];
  /** All that a continuation starts from: earlier history, this input, this output. */
  readonly history: readonly Json[];
  readonly background: boolean;
}

const responseKey = (call: Call, id: string): string => `${call.vendor} ${call.key} ${id}`;

/** A stored response of the caller's own account. */
export const findResponse = (call: Call, id: string): StoredResponse | undefined => {
  const found = call.memory.objects.get(responseKey(call, id));
  return found instanceof Kept ? found.response : undefined;
};

/** Keeps a response, and for each of its items where it is to be found. */
export const keepResponse = (call: Call, response: StoredResponse): void => {
  call.memory.objects.set(responseKey(call, response.draft.id), new Kept(response), call.raw.length);
  for (const item of response.draft.output)
    call.memory.objects.set(responseKey(call, String(item['id'])), response.draft.id);
};

export const forgetResponse = (call: Call, response: StoredResponse): void => {
  call.memory.objects.set(responseKey(call, response.draft.id), undefined);
};

/** A single output item that an earlier, stored response produced. */
export const findItem = (call: Call, itemId: string): Json | undefined => {
  const responseId = call.memory.objects.get(responseKey(call, itemId));
  if (typeof responseId !== 'string') return undefined;
  return findResponse(call, responseId)?.draft.output.find((item) => item['id'] === itemId);
};

/** The memory holds values of unknown kind; this one says what it is. */
class Kept {
  constructor(readonly response: StoredResponse) {}
}
