import { compose } from '../brain/compose.js';
import type { Answer } from '../brain/answer.js';
import type { Conversation, JsonObject, Turn } from '../brain/conversation.js';
import { lastUserText } from '../brain/exchange.js';
import { splitModel } from '../faults/fault-marks.js';
import { createdFrom } from '../openai/created.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import type { Account } from '../prompt/account.js';
import { accountFor } from '../prompt/account.js';
import { promptTokens } from '../prompt/segments.js';
import type { Subject } from '../wire/subject.js';
import type { Call, Reply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { responseFrames } from './events.js';
import type { ResponsesModel, ResponsesProfile } from './profile.js';
import { readItems } from './read-items.js';
import type { OfferedTools } from './read-tools.js';
import { offeredTools, toolTerms } from './read-tools.js';
import { renderOutput } from './render-output.js';
import { listedItems, resolveInput } from './resolve-input.js';
import type { ResponseDraft } from './response-object.js';
import { finalStatus, responseText } from './response-object.js';
import { keepResponse } from './stored-responses.js';
import { formatOf } from './validate.js';

/** What the request comes down to once it has been found valid. */
export interface ReadResponseRequest {
  readonly body: Json;
  readonly asked: string;
  readonly model: ResponsesModel;
  readonly own: readonly Json[];
  readonly all: readonly Json[];
  readonly tools: OfferedTools;
  readonly conversation: Conversation;
}

/** Validates a request as the vendor does and takes its spelling off. */
export const readResponseRequest = (call: Call, profile: ResponsesProfile): ReadResponseRequest => {
  const body = call.json();
  if (!isObject(body)) return refuse("Invalid type for 'body': expected an object.");
  const asked = body['model'];
  if (typeof asked !== 'string' || asked === '')
    return refuse("Missing required parameter: 'model'.", { param: 'model', code: 'missing_required_parameter' });
  try {
    return readChecked(body, { asked, call, profile });
  } catch (error) {
    if (error instanceof Refusal && error.subject === undefined)
      throw new Refusal(error.failure, { model: asked, prompt: '' });
    throw error;
  }
};

interface Asked {
  readonly asked: string;
  readonly call: Call;
  readonly profile: ResponsesProfile;
}

const readChecked = (body: Json, { asked, call, profile }: Asked): ReadResponseRequest => {
  const model = profile.model(splitModel(asked).name);
  model.validate(body);
  const { own, all } = resolveInput(body, call, profile);
  model.checkItems(all, body);
  const tools = offeredTools(body, all);
  const conversation = conversationOf(body, { model, all, tools, profile });
  if (call.raw.length > model.contextTokens && promptTokens(conversation) > model.contextTokens)
    refuse('Your input exceeds the context window of this model. Please adjust your input and try again.', {
      param: 'input',
      code: 'context_length_exceeded',
    });
  return { body, asked, model, own, all, tools, conversation };
};

interface Material {
  readonly model: ResponsesModel;
  readonly all: readonly Json[];
  readonly tools: OfferedTools;
  readonly profile: ResponsesProfile;
}

const conversationOf = (body: Json, { model, all, tools, profile }: Material): Conversation => {
  const instructions: Turn[] =
    typeof body['instructions'] === 'string'
      ? [{ role: 'system', parts: [{ type: 'text', text: body['instructions'] }] }]
      : [];
  const { heeds } = profile;
  const outputSchema = outputSchemaOf(formatOf(body), heeds);
  const limit = body['max_output_tokens'];
  return {
    vendor: profile.vendor,
    model: model.id,
    turns: [...instructions, ...readItems(all)],
    ...toolTerms(heeds.toolChoice ? body : { ...body, tool_choice: 'auto' }, tools),
    parallelCalls: body['parallel_tool_calls'] === false ? 'single' : 'allowed',
    thinking: model.thinks(body) ? 'on' : 'off',
    ...(outputSchema !== undefined && { outputSchema }),
    webSearch: tools.search ? 'offered' : 'absent',
    maxOutputTokens: typeof limit === 'number' ? Math.min(limit, model.outputTokensMax) : model.outputTokensMax,
    stopSequences: [],
  };
};

const outputSchemaOf = (
  format: Json | undefined,
  { jsonSchema }: ResponsesProfile['heeds'],
): JsonObject | undefined => {
  if (format?.['type'] === 'json_object') return {};
  return jsonSchema && format?.['type'] === 'json_schema' && isObject(format['schema'])
    ? (format['schema'] as JsonObject)
    : undefined;
};

/** `POST /responses` as one vendor answers it. */
export const createResponse = (call: Call, profile: ResponsesProfile): Reply => {
  const request = readResponseRequest(call, profile);
  const { body, asked, conversation } = request;
  const answer = compose(conversation);
  const account = accountFor(call, conversation, { answer, caching: profile.caching });
  const draft = draftOf(request, { answer, account, digest: call.digest, profile });
  if (profile.state === 'kept' && body['store'] !== false) {
    const input = listedItems(request.own, draft.id);
    keepResponse(call, { draft, input, history: [...request.all, ...draft.output], background: draft.background });
  }
  const subject = { model: asked, prompt: lastUserText(conversation) };
  return body['stream'] === true ? streamOf(call, draft, { body, subject, profile }) : bodyOf(call, draft, subject);
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

interface Streaming {
  readonly body: Json;
  readonly subject: Subject;
  readonly profile: ResponsesProfile;
}

const streamOf = (call: Call, draft: ResponseDraft, { body, subject, profile }: Streaming): Reply => {
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    type: 'stream',
    status: 200,
    headers: headersFor(call, 'text/event-stream; charset=utf-8'),
    frames: responseFrames(draft, {
      obfuscates: profile.obfuscates && options['include_obfuscation'] !== false,
    }),
    subject,
  };
};

interface Outcome {
  readonly answer: Answer;
  readonly account: Account;
  readonly digest: string;
  readonly profile: ResponsesProfile;
}

const draftOf = (
  { body, asked, model, tools }: ReadResponseRequest,
  { answer, account, digest, profile }: Outcome,
): ResponseDraft => {
  const include = Array.isArray(body['include']) ? body['include'] : [];
  const reasoning = isObject(body['reasoning']) ? body['reasoning'] : {};
  const top = typeof body['top_logprobs'] === 'number' ? body['top_logprobs'] : 0;
  const output = renderOutput(answer, {
    tools: tools.callable,
    slot: profile.reasoning,
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
    usage: model.usage(account),
    searches: answer.parts.filter((part) => part.type === 'search').length,
    background: body['background'] === true,
    settings: model.settings(body),
  };
};

/** The model's own refusal is a complete answer; one that cuts off what was being said is the filter's. */
const endingOf = (answer: Answer): ResponseDraft['ending'] => {
  if (answer.finish === 'length') return 'max_output_tokens';
  return answer.finish === 'refusal' && answer.parts.some((part) => part.type === 'text')
    ? 'content_filter'
    : 'completed';
};
