import type { Answer } from '../brain/answer.js';
import { compose } from '../brain/compose.js';
import type { Conversation } from '../brain/conversation.js';
import { lastUserText } from '../brain/exchange.js';
import { splitModel } from '../faults/fault-marks.js';
import { accountFor } from '../prompt/account.js';
import { promptTokens } from '../prompt/segments.js';
import type { Subject } from '../wire/subject.js';
import type { Call, JsonReply, Reply } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { checkContents } from './check-contents.js';
import { checkRequest, configOf, thinkingConfigOf } from './check-request.js';
import { COUNT_REQUEST, GENERATE_REQUEST } from './messages.js';
import type { ApiVersion, GeminiModel } from './models.js';
import { geminiModel } from './models.js';
import type { Json } from './proto.js';
import { isObject, readMessage } from './proto.js';
import { readRequest } from './read-request.js';
import { refuse } from './refuse.js';
import { renderCandidate } from './render-candidate.js';
import type { Envelope, Framing } from './response.js';
import { responseBody, responseFrames } from './response.js';
import { usageMetadata } from './usage.js';

const CACHE_STEP_TOKENS = 1;
const JSON_TYPE = 'application/json; charset=UTF-8';

interface Generation {
  readonly candidate: ReturnType<typeof renderCandidate>;
  readonly envelope: Envelope;
  readonly subject: Subject;
  readonly blocked: boolean;
}

/** `:generateContent`. */
export const generateContent = (call: Call, version: ApiVersion): Reply => {
  const { candidate, envelope, subject, blocked } = generate(call, { version, method: 'generateContent' });
  return { ...json(blocked ? blockedBody(envelope) : responseBody(candidate, envelope)), subject };
};

/** `:streamGenerateContent`: events where `alt=sse` asks for them, else one array in pieces. */
export const streamGenerateContent = (call: Call, version: ApiVersion): Reply => {
  const { candidate, envelope, subject, blocked } = generate(call, { version, method: 'streamGenerateContent' });
  const framing: Framing = call.query.get('alt') === 'sse' ? 'events' : 'array';
  const body = JSON.stringify(blockedBody(envelope));
  const frames = blocked
    ? [{ part: 'terminator' as const, text: framing === 'events' ? `data: ${body}\r\n\r\n` : `[${body}\r\n]` }]
    : responseFrames(candidate, envelope, framing);
  const contentType = framing === 'events' ? 'text/event-stream' : JSON_TYPE;
  return { type: 'stream', status: 200, headers: { 'content-type': contentType }, frames, subject };
};

/** A prompt that is blocked gets no candidate. */
const blockedBody = ({ usage, modelVersion, responseId }: Envelope): object => ({
  promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
  usageMetadata: usage,
  modelVersion,
  responseId,
});

const json = (body: object): JsonReply => ({
  type: 'json',
  status: 200,
  headers: { 'content-type': JSON_TYPE },
  body: `${JSON.stringify(body, null, 2)}\n`,
});

interface Asked {
  readonly version: ApiVersion;
  readonly method: string;
}

/** Runs with the model as the caller wrote it, so that even what is refused can be struck by a fault asked for there. */
const withSubject = <T>(asked: string, run: () => T): T => {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal && error.subject === undefined)
      throw new Refusal(error.failure, { model: asked, prompt: '' });
    throw error;
  }
};

const generate = (call: Call, asked: Asked): Generation => {
  const name = call.params['model'] ?? '';
  return withSubject(name, () => generateChecked(call, name, asked));
};

const generateChecked = (call: Call, name: string, asked: Asked): Generation => {
  const model = geminiModel(splitModel(name).name, asked);
  const request = readMessage(call.json(), GENERATE_REQUEST);
  checkRequest(request, model);
  const conversation = readRequest(request, model);
  checkInputLimit(call, conversation, model);
  const answer = compose(conversation);
  const caching = { tokensMin: model.cacheTokensMin, stepTokens: CACHE_STEP_TOKENS, ttl: '1h' } as const;
  const account = accountFor(call, conversation, { answer, caching });
  const config = configOf(request);
  const candidates = typeof config['candidateCount'] === 'number' ? config['candidateCount'] : 1;
  const top = typeof config['logprobs'] === 'number' ? config['logprobs'] : 0;
  return {
    candidate: renderCandidate(answer, {
      model,
      includeThoughts: thinkingConfigOf(request)['includeThoughts'] === true,
      logprobs: config['responseLogprobs'] === true ? { top } : undefined,
    }),
    envelope: {
      modelVersion: splitModel(name).name,
      responseId: answer.id,
      usage: usageMetadata(account, answer, candidates),
      candidates,
    },
    subject: { model: name, prompt: lastUserText(conversation) },
    blocked: isBlocked(answer),
  };
};

/** `refuse prompt` stands for what the filter stops before the model sees it. */
const isBlocked = (answer: Answer): boolean => answer.finish === 'refusal' && answer.refusal?.category === 'prompt';

const checkInputLimit = (call: Call, conversation: Conversation, model: GeminiModel): void => {
  if (call.raw.length <= model.inputTokenLimit) return;
  const tokens = promptTokens(conversation);
  if (tokens > model.inputTokenLimit)
    refuse(
      `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${model.inputTokenLimit}).`,
    );
};

/** `:countTokens`, of bare contents or of a whole request. */
export const countTokens = (call: Call, version: ApiVersion): Reply => {
  const name = call.params['model'] ?? '';
  return withSubject(name, () => {
    const model = geminiModel(splitModel(name).name, { version, method: 'countTokens' });
    const body = readMessage(call.json(), COUNT_REQUEST);
    const request: Json = isObject(body['generateContentRequest']) ? body['generateContentRequest'] : body;
    checkContents(request, model);
    const totalTokens = promptTokens(readRequest(request, model));
    return json({ totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] });
  });
};
