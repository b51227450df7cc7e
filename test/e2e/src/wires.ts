/** One way of asking, and how its dialect shows text, an end and a failure. Written from the vendors' pages. */
export interface Wire {
  readonly name: string;
  readonly model: string;
  readonly stream: boolean;
  readonly path: string;
  readonly body: (prompt: string) => object;
  /** The text an answer carries. */
  readonly textOf: (raw: string) => string;
  /** Whether an answer says that it is whole. */
  readonly isTerminated: (raw: string) => boolean;
  /** Whether a stream says that it failed. */
  readonly saysFailed: (raw: string) => boolean;
  /** Whether a refusal is in this dialect's shape. */
  readonly isRefusal: (raw: string) => boolean;
}

interface Item {
  readonly text?: string;
}

/** What any of the four dialects may have in a record or a body; each reads its own fields of it. */
export interface Json {
  readonly type?: string;
  readonly error?: { readonly type?: string; readonly status?: string };
  readonly delta?: string | { readonly text?: string };
  readonly content?: readonly Item[];
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string };
    readonly message?: { readonly content?: string };
    readonly finish_reason?: string | null;
  }[];
  readonly output?: readonly { readonly content?: readonly Item[] }[];
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly Item[] };
    readonly finishReason?: string;
  }[];
}

/** The data of each record of an event stream that is JSON; a record that was cut in two is not. */
const records = (raw: string): Json[] =>
  raw.split('\n').flatMap((line) => {
    const json = line.startsWith('data: ') ? tryParse(line.slice(6)) : undefined;
    return json ? [json] : [];
  });

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

const textIn = (items: readonly Item[] = []): string => items.map(({ text }) => text ?? '').join('');
const streamed = (piece: (record: Json) => string | undefined) => (raw: string) => records(raw).map(piece).join('');

type Dialect = Pick<Wire, 'isRefusal'> &
  Readonly<Record<'whole' | 'stream', Pick<Wire, 'textOf' | 'isTerminated' | 'saysFailed'>>>;

const never = (): boolean => false;
const wholeJson = (textOf: (json: Json) => string | undefined) => ({
  textOf: (raw: string) => textOf(tryParse(raw) ?? {}) ?? '',
  isTerminated: (raw: string) => tryParse(raw) !== undefined,
  saysFailed: never,
});

const messages: Dialect = {
  isRefusal: (raw) => tryParse(raw)?.type === 'error',
  whole: wholeJson(({ content }) => textIn(content)),
  stream: {
    textOf: streamed(({ delta }) => (typeof delta === 'object' ? delta.text : undefined)),
    isTerminated: (raw) => raw.includes('event: message_stop\n'),
    saysFailed: (raw) => raw.includes('event: error\n'),
  },
};
const chat: Dialect = {
  isRefusal: (raw) => tryParse(raw)?.error?.type !== undefined,
  whole: wholeJson(({ choices }) => choices?.[0]?.message?.content),
  stream: {
    textOf: streamed(({ choices }) => choices?.[0]?.delta?.content),
    isTerminated: (raw) =>
      raw.includes('data: [DONE]\n') ||
      records(raw).some(({ choices }) => typeof choices?.[0]?.finish_reason === 'string'),
    saysFailed: (raw) => records(raw).some(({ error }) => error !== undefined),
  },
};
const responses: Dialect = {
  isRefusal: chat.isRefusal,
  whole: wholeJson(({ output = [] }) => output.map(({ content }) => textIn(content)).join('')),
  stream: {
    textOf: streamed(({ type, delta }) =>
      type === 'response.output_text.delta' && typeof delta === 'string' ? delta : undefined,
    ),
    isTerminated: (raw) => /event: response\.(completed|incomplete)\n/.test(raw),
    saysFailed: (raw) => raw.includes('event: error\n') || raw.includes('event: response.failed\n'),
  },
};
const geminiText = ({ candidates }: Json): string => textIn(candidates?.[0]?.content?.parts);
const gemini: Dialect = {
  isRefusal: (raw) => tryParse(raw)?.error?.status !== undefined,
  whole: wholeJson(geminiText),
  stream: {
    textOf: streamed(geminiText),
    isTerminated: (raw) => records(raw).some(({ candidates }) => candidates?.[0]?.finishReason !== undefined),
    saysFailed: (raw) => records(raw).some(({ error }) => error !== undefined),
  },
};

/** The elements of a list that may have been left open; of one that was cut within an element, none. */
const elements = (raw: string): Json[] => [tryParse(raw) ?? tryParse(`${raw}]`) ?? []].flat();
const geminiList: Dialect['stream'] = {
  textOf: (raw) => elements(raw).map(geminiText).join(''),
  isTerminated: (raw) => tryParse(raw) !== undefined,
  saysFailed: (raw) => elements(raw).some(({ error }) => error !== undefined),
};

const modes = [true, false] as const;
const shape = (dialect: Dialect, stream: boolean) => ({
  stream,
  isRefusal: dialect.isRefusal,
  ...(stream ? dialect.stream : dialect.whole),
});
const named = (name: string, stream: boolean): string => `${name}, ${stream ? 'streaming' : 'whole'}`;

export const messagesWire = (model: string, stream: boolean): Wire => ({
  name: named(`Messages on ${model}`, stream),
  model,
  path: '/v1/messages',
  body: (content) => ({ model, max_tokens: 1_024, stream, messages: [{ role: 'user', content }] }),
  ...shape(messages, stream),
});
export const chatWire = (model: string, stream: boolean): Wire => ({
  name: named(`Chat on ${model}`, stream),
  model,
  path: '/v1/chat/completions',
  body: (content) => ({ model, max_completion_tokens: 1_024, stream, messages: [{ role: 'user', content }] }),
  ...shape(chat, stream),
});
export const responsesWire = (model: string, stream: boolean): Wire => ({
  name: named(`Responses on ${model}`, stream),
  model,
  path: '/v1/responses',
  body: (input) => ({ model, max_output_tokens: 1_024, stream, input }),
  ...shape(responses, stream),
});
export const geminiWire = (model: string, stream: boolean): Wire => ({
  name: named(`Gemini on ${model}`, stream),
  model,
  path: `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: (text) => ({
    contents: [{ role: 'user', parts: [{ text }] }],
    generationConfig: { maxOutputTokens: 1_024, thinkingConfig: { thinkingBudget: 0 } },
  }),
  ...shape(gemini, stream),
});

/** A stream asked for without `alt=sse`: one JSON list of the same chunks. */
export const geminiListWire = (model: string): Wire => ({
  ...geminiWire(model, true),
  ...geminiList,
  name: `Gemini on ${model}, as a list`,
  path: `/v1beta/models/${model}:streamGenerateContent`,
});

/** The four protocols on the raw lane and the translated one, streaming and whole. */
export const wires: readonly Wire[] = [
  ...modes.flatMap((stream) => [
    messagesWire('claude-haiku-4-5', stream),
    messagesWire('gpt-5-4-mini', stream),
    chatWire('gpt-5-4', stream),
    chatWire('claude-sonnet-4-6', stream),
    responsesWire('gpt-5-4', stream),
    geminiWire('gemini-2-5-flash', stream),
  ]),
  geminiListWire('gemini-2-5-flash'),
];

/** What the simulated model says to `count to N`. */
export const countTo = (last: number): string => Array.from({ length: last }, (_, index) => index + 1).join(', ');
