import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI, type GenerateContentResponse, type Part } from '@google/genai';
import OlderAnthropic from 'anthropic-sdk-0';
import type { ProtocolName } from '@bytespike/kernel';
import OpenAI from 'openai';

type Json = Readonly<Record<string, unknown>>;

/** An official SDK that reads a stream of ours from its first byte and folds it as its users would. */
export interface SdkFold {
  readonly sdk: string;
  fold(text: string): Promise<unknown>;
}

/** A network that answers every request with this stream. */
const answering = (text: string) => (): Promise<Response> =>
  Promise.resolve(new Response(text, { headers: { 'content-type': 'text/event-stream' } }));

const settings = (text: string) => ({ apiKey: 'k', maxRetries: 0, fetch: answering(text) });

const anthropicFold =
  (Sdk: typeof Anthropic | typeof OlderAnthropic) =>
  (text: string): Promise<unknown> =>
    new (Sdk as typeof Anthropic)(settings(text)).messages
      .stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] })
      .finalMessage();

const chatFold = (text: string): Promise<unknown> =>
  new OpenAI(settings(text)).chat.completions
    .stream({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream_options: { include_usage: true } })
    .finalChatCompletion();

const responsesFold = (text: string): Promise<unknown> =>
  new OpenAI(settings(text)).responses.stream({ model: 'm', input: 'Hi' }).finalResponse();

/** This SDK leaves joining to its users: neighbouring texts of one kind are one text. */
function joinParts(parts: readonly Part[]): readonly Part[] {
  return parts.reduce<readonly Part[]>((joined, part) => {
    const last = joined.at(-1);
    const joins =
      last?.text !== undefined && part.text !== undefined && last.thought === part.thought && !last.thoughtSignature;
    return joins ? [...joined.slice(0, -1), { ...last, ...part, text: `${last.text}${part.text}` }] : [...joined, part];
  }, []);
}

async function geminiFold(text: string): Promise<unknown> {
  const client = new GoogleGenAI({
    apiKey: 'k',
    httpOptions: { fetch: answering(text), retryOptions: { attempts: 1 } },
  });
  const chunks: GenerateContentResponse[] = [];
  // One answer is judged: left to itself this SDK asks again for the rest of one that was paused.
  const config = { automaticContinuation: false };
  for await (const chunk of await client.models.generateContentStream({ model: 'm', contents: 'Hi', config }))
    chunks.push(chunk);
  const finishReason = chunks.flatMap(({ candidates }) => candidates?.[0]?.finishReason ?? []).at(-1);
  if (finishReason === undefined && !chunks.some(({ promptFeedback }) => promptFeedback))
    throw new Error('the stream ended without a finish reason');
  const parts = joinParts(chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []));
  const usageMetadata = chunks.flatMap((chunk) => chunk.usageMetadata ?? []).at(-1);
  return { candidates: [{ content: { role: 'model', parts }, finishReason }], usageMetadata };
}

export const SDK_FOLDS: Readonly<Record<ProtocolName, readonly SdkFold[]>> = {
  'anthropic-messages': [
    { sdk: '@anthropic-ai/sdk 1', fold: anthropicFold(Anthropic) },
    { sdk: '@anthropic-ai/sdk 0', fold: anthropicFold(OlderAnthropic) },
  ],
  'openai-responses': [{ sdk: 'openai responses', fold: responsesFold }],
  'openai-chat': [{ sdk: 'openai chat', fold: chatFold }],
  'gemini-generate': [{ sdk: '@google/genai', fold: geminiFold }],
};

const first = (list: unknown): Json => (Array.isArray(list) ? ((list as readonly Json[])[0] ?? {}) : {});
/** As it stands on the wire: without what the SDKs add for their users' schemas. */
const plain = (value: unknown): Json =>
  JSON.parse(
    JSON.stringify(value, (key, inner: unknown) => (/^parsed(_arguments)?$/.test(key) ? undefined : inner)),
  ) as Json;

const pick = (value: Json, ...names: readonly string[]): Json =>
  Object.fromEntries(names.map((name) => [name, value[name] ?? null]));

const messageOf = ({ content, refusal, tool_calls }: Json): Json => ({
  content: content === '' ? null : (content ?? null),
  refusal: refusal ?? null,
  calls: ((tool_calls ?? []) as readonly Json[]).map((call) => plain(call)),
});

const ESSENCES: Readonly<Record<ProtocolName, (answer: Json) => unknown>> = {
  'anthropic-messages': (answer) => {
    // These SDKs take the totals of the last event, but neither the tier nor how long the cache writes live.
    const { cache_creation: _lifetimes, service_tier: _tier, ...usage } = (answer['usage'] ?? {}) as Json;
    return { ...pick(answer, 'id', 'model', 'content', 'stop_reason', 'stop_sequence'), usage };
  },
  'openai-responses': (answer) => pick(answer, 'id', 'model', 'status', 'output', 'incomplete_details', 'usage'),
  'openai-chat': (answer) => {
    const choice = first(answer['choices']);
    return {
      ...pick(answer, 'id', 'model', 'usage'),
      ...messageOf((choice['message'] ?? {}) as Json),
      finish: choice['finish_reason'],
    };
  },
  'gemini-generate': (answer) => {
    const candidate = first(answer['candidates']);
    const { parts = [] } = (candidate['content'] ?? {}) as { readonly parts?: readonly Part[] };
    return {
      parts: joinParts(parts).filter((part) => part.text !== '' || part.thoughtSignature !== undefined),
      ...pick(candidate, 'finishReason'),
      ...pick(answer, 'usageMetadata'),
    };
  },
};

/** What a user reads of an answer, whether the SDK has folded it or we have written it whole. */
export const essenceOf = (client: ProtocolName, answer: unknown): unknown => ESSENCES[client](plain(answer));
