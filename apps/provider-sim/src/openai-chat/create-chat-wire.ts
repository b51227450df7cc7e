import { compose } from '../brain/compose.js';
import { lastUserText } from '../brain/exchange.js';
import { splitModel } from '../faults/fault-marks.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { createdFrom } from '../openai/created.js';
import { refuse } from '../openai/refuse.js';
import { accountFor } from '../prompt/account.js';
import { promptTokens } from '../prompt/segments.js';
import type { Conversation } from '../brain/conversation.js';
import type { Call, Reply, Route, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import { completionFrames } from './chunks.js';
import type { Envelope } from './completion.js';
import { completionBody } from './completion.js';
import { messageOf } from './message.js';
import type { ChatModel, ChatProfile } from './profile.js';
import { freeformNames, readRequest } from './read-request.js';

/** A vendor's chat wire, made of the protocol and the vendor's profile. */
export const createChatWire = (profile: ChatProfile): Wire => ({
  vendor: profile.vendor,
  prefix: profile.prefix,
  bodyBytesMax: profile.bodyBytesMax,
  authenticate: profile.authenticate,
  renderFailure: profile.renderFailure,
  renderStreamFailure: profile.renderStreamFailure,
  routes: chatRoutes(profile),
});

/** The chat routes alone, for a vendor whose prefix also serves another protocol. */
const chatRoutes = (profile: ChatProfile): readonly Route[] =>
  profile.bases.flatMap((base): Route[] => [
    { method: 'POST', path: `${base}/chat/completions`, handle: (call) => completeChat(call, profile) },
    { method: 'GET', path: `${base}/models`, handle: profile.listModels },
    ...(profile.showModel === undefined
      ? []
      : [{ method: 'GET' as const, path: `${base}/models/{model}`, handle: profile.showModel }]),
  ]);

const completeChat = (call: Call, profile: ChatProfile): Reply => {
  const body = call.json();
  if (!isObject(body)) return refuse("Invalid type for 'body': expected an object.", {});
  const asked = body['model'];
  if (typeof asked !== 'string' || asked === '') return refuse('you must provide a model parameter');
  try {
    return answerChat(call, { body, asked, profile });
  } catch (error) {
    if (error instanceof Refusal && error.subject === undefined)
      throw new Refusal(error.failure, { model: asked, prompt: '' });
    throw error;
  }
};

interface Asked {
  readonly body: Json;
  readonly asked: string;
  readonly profile: ChatProfile;
}

const answerChat = (call: Call, { body, asked, profile }: Asked): Reply => {
  const name = splitModel(asked).name;
  const model = profile.model(name);
  profile.validate(body, model);
  const conversation = readRequest(body, model, profile);
  if (call.raw.length > model.contextTokens) checkContext(conversation, model);
  const answer = compose(conversation);
  const { rendering } = profile;
  const slot = rendering.reasoning(body, model);
  const message = messageOf(answer, {
    slot,
    callId: rendering.callId,
    freeform: freeformNames(body),
    refusalFinish: rendering.refusalFinish,
  });
  const choices = profile.heeds.manyChoices && typeof body['n'] === 'number' ? body['n'] : 1;
  const account = accountFor(call, conversation, { answer, caching: profile.caching });
  const usage = rendering.usage(
    { ...account, outputTokens: account.outputTokens * choices, thinkingTokens: account.thinkingTokens * choices },
    model,
  );
  const top = typeof body['top_logprobs'] === 'number' ? body['top_logprobs'] : 0;
  const envelope: Envelope = {
    id: rendering.responseId(answer.id),
    created: createdFrom(call.digest),
    model: name,
    extras: rendering.extras(call.digest, body),
    slot,
    refusals: rendering.refusals,
    deltasNameBoth: rendering.deltasNameBoth ?? false,
    choices,
    logprobs: body['logprobs'] === true ? { top } : undefined,
  };
  const subject = { model: asked, prompt: lastUserText(conversation) };
  const headers = { 'x-request-id': `req_${call.digest.slice(0, 32)}` };
  if (body['stream'] !== true) {
    const text = JSON.stringify(completionBody(message, envelope, usage));
    return {
      type: 'json',
      status: 200,
      headers: { 'content-type': 'application/json', ...headers },
      body: text,
      subject,
    };
  }
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  const frames = completionFrames(message, envelope, {
    usage,
    usageIn: usageIn(profile, options),
    argumentPieces: rendering.argumentPieces(body),
    obfuscates: rendering.obfuscates && options['include_obfuscation'] !== false,
    keepAlive: rendering.keepAlive,
  });
  return {
    type: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', ...headers },
    frames,
    subject,
  };
};

const usageIn = ({ rendering }: ChatProfile, options: Json): 'own-chunk' | 'finish-chunk' | 'nowhere' => {
  if (rendering.streamedUsage === 'finish-chunk') return 'finish-chunk';
  return options['include_usage'] === true ? 'own-chunk' : 'nowhere';
};

/** Asked only of bodies with more bytes than the window has tokens: the ordinary request is not counted twice. */
const checkContext = (conversation: Conversation, model: ChatModel): void => {
  const tokens = promptTokens(conversation);
  if (tokens > model.contextTokens)
    refuse(
      `This model's maximum context length is ${model.contextTokens} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
      { param: 'messages', code: 'context_length_exceeded' },
    );
};
