import { compose } from '../brain/compose.js';
import type { Answer } from '../brain/answer.js';
import type { Conversation, JsonObject, Turn } from '../brain/conversation.js';
import { lastUserText } from '../brain/exchange.js';
import { splitModel } from '../faults/fault-marks.js';
import { cacheWrites, OPENAI_CACHING } from '../openai/caching.js';
import { createdFrom } from '../openai/created.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import type { OpenaiModel } from '../openai/models.js';
import { openaiModel } from '../openai/models.js';
import { refuse } from '../openai/refuse.js';
import type { Account } from '../prompt/account.js';
import { accountFor } from '../prompt/account.js';
import { promptTokens } from '../prompt/segments.js';
import type { Call, Reply, Subject } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { checkItems } from './check-items.js';
import { responseFrames } from './events.js';
import { readItems } from './read-items.js';
import type { OfferedTools } from './read-tools.js';
import { offeredTools, toolTerms } from './read-tools.js';
import { renderOutput } from './render-output.js';
import { listedItems, resolveInput } from './resolve-input.js';
import type { ResponseDraft } from './response-object.js';
import { finalStatus, responseText, settingsText } from './response-object.js';
import { keepResponse } from './stored-responses.js';
import { effortOf, formatOf, validateResponse } from './validate.js';

/** What the request comes down to once it has been found valid. */
export interface ReadResponseRequest {
  readonly body: Json;
  readonly asked: string;
  readonly model: OpenaiModel;
  readonly own: readonly Json[];
  readonly all: readonly Json[];
  readonly tools: OfferedTools;
  readonly conversation: Conversation;
}

/** Validates a request as the vendor does and takes its spelling off. */
export const readResponseRequest = (call: Call): ReadResponseRequest => {
  const body = call.json();
  if (!isObject(body)) return refuse("Invalid type for 'body': expected an object.");
  const asked = body['model'];
  if (typeof asked !== 'string' || asked === '')
    return refuse("Missing required parameter: 'model'.", { param: 'model', code: 'missing_required_parameter' });
  try {
    return readChecked(body, asked, call);
  } catch (error) {
    if (error instanceof Refusal && error.subject === undefined)
      throw new Refusal(error.failure, { model: asked, prompt: '' });
    throw error;
  }
};

const readChecked = (body: Json, asked: string, call: Call): ReadResponseRequest => {
  const model = openaiModel(splitModel(asked).name);
  validateResponse(body, model);
  const { own, all } = resolveInput(body, call);
  checkItems(all);
  const tools = offeredTools(body, all);
  const conversation = conversationOf(body, { model, all, tools });
  if (call.raw.length > model.contextTokens && promptTokens(conversation) > model.contextTokens)
    refuse('Your input exceeds the context window of this model. Please adjust your input and try again.', {
      param: 'input',
      code: 'context_length_exceeded',
    });
  return { body, asked, model, own, all, tools, conversation };
};

interface Material {
  readonly model: OpenaiModel;
  readonly all: readonly Json[];
  readonly tools: OfferedTools;
}

const conversationOf = (body: Json, { model, all, tools }: Material): Conversation => {
  const instructions: Turn[] =
    typeof body['instructions'] === 'string'
      ? [{ role: 'system', parts: [{ type: 'text', text: body['instructions'] }] }]
      : [];
  const outputSchema = outputSchemaOf(formatOf(body));
  const limit = body['max_output_tokens'];
  return {
    vendor: 'openai',
    model: model.id,
    turns: [...instructions, ...readItems(all)],
    ...toolTerms(body, tools),
    parallelCalls: body['parallel_tool_calls'] === false ? 'single' : 'allowed',
    thinking: effortOf(body, model) === 'none' ? 'off' : 'on',
    ...(outputSchema !== undefined && { outputSchema }),
    webSearch: tools.search ? 'offered' : 'absent',
    maxOutputTokens: typeof limit === 'number' ? Math.min(limit, model.outputTokensMax) : model.outputTokensMax,
    stopSequences: [],
  };
};

const outputSchemaOf = (format: Json | undefined): JsonObject | undefined => {
  if (format?.['type'] === 'json_object') return {};
  return format?.['type'] === 'json_schema' && isObject(format['schema'])
    ? (format['schema'] as JsonObject)
    : undefined;
};

/** `POST /responses`. */
export const createResponse = (call: Call): Reply => {
  const request = readResponseRequest(call);
  const { body, asked, conversation } = request;
  const answer = compose(conversation);
  const account = accountFor(call, conversation, { answer, caching: OPENAI_CACHING });
  const draft = draftOf(request, { answer, account, digest: call.digest });
  if (body['store'] !== false) {
    const input = listedItems(request.own, draft.id);
    keepResponse(call, { draft, input, history: [...request.all, ...draft.output], background: draft.background });
  }
  const subject = { model: asked, prompt: lastUserText(conversation) };
  return body['stream'] === true ? streamOf(call, draft, { body, subject }) : bodyOf(call, draft, subject);
};

const headersFor = (call: Call, contentType: string): Readonly<Record<string, string>> => ({
  'content-type': contentType,
  'x-request-id': `req_${call.digest.slice(0, 32)}`,
  'openai-processing-ms': '12',
  'openai-version': '2020-10-01',
});

const bodyOf = (call: Call, draft: ResponseDraft, subject: Subject): Reply => ({
  type: 'json',
  status: 200,
  headers: headersFor(call, 'application/json'),
  body: responseText(draft, draft.background ? 'queued' : finalStatus(draft)),
  subject,
});

const streamOf = (call: Call, draft: ResponseDraft, { body, subject }: { body: Json; subject: Subject }): Reply => {
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    type: 'stream',
    status: 200,
    headers: headersFor(call, 'text/event-stream; charset=utf-8'),
    frames: responseFrames(draft, { obfuscates: options['include_obfuscation'] !== false }),
    subject,
  };
};

interface Outcome {
  readonly answer: Answer;
  readonly account: Account;
  readonly digest: string;
}

const draftOf = (
  { body, asked, model, tools }: ReadResponseRequest,
  { answer, account, digest }: Outcome,
): ResponseDraft => {
  const include = Array.isArray(body['include']) ? body['include'] : [];
  const reasoning = isObject(body['reasoning']) ? body['reasoning'] : {};
  const top = typeof body['top_logprobs'] === 'number' ? body['top_logprobs'] : 0;
  const output = renderOutput(answer, {
    tools: tools.callable,
    summary: typeof reasoning['summary'] === 'string' ? 'shown' : 'withheld',
    sources: include.includes('web_search_call.action.sources') ? 'listed' : 'omitted',
    logprobs: include.includes('message.output_text.logprobs') ? { top } : undefined,
  });
  return {
    id: `resp_${answer.id}`,
    createdAt: createdFrom(digest),
    model: splitModel(asked).name,
    ending: endingOf(answer),
    output,
    usage: usageOf(account, model),
    searches: answer.parts.filter((part) => part.type === 'search').length,
    background: body['background'] === true,
    settings: settingsText(body, model),
  };
};

/** The model's own refusal is a complete answer; one that cuts off what was being said is the filter's. */
const endingOf = (answer: Answer): ResponseDraft['ending'] => {
  if (answer.finish === 'length') return 'max_output_tokens';
  return answer.finish === 'refusal' && answer.parts.some((part) => part.type === 'text')
    ? 'content_filter'
    : 'completed';
};

const usageOf = (account: Account, model: OpenaiModel): object => ({
  input_tokens: account.inputTokens,
  input_tokens_details: {
    cached_tokens: account.cachedTokens,
    ...(model.reportsCacheWrites && { cache_write_tokens: cacheWrites(account) }),
  },
  output_tokens: account.outputTokens,
  output_tokens_details: { reasoning_tokens: account.thinkingTokens },
  total_tokens: account.inputTokens + account.outputTokens,
});
