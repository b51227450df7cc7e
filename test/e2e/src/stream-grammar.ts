/** Each protocol's stream as a strict client reads it. A violation throws, with the record in the message. */
export interface StreamEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/** Records of an event stream; comment lines stand as events named `:`. */
function eventsOf(raw: string): StreamEvent[] {
  expect(raw.endsWith('\n\n')).toBe(true);
  return raw
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .filter((record) => record !== '')
    .map((record) => {
      const lines = record.split('\n');
      if (lines.every((line) => line.startsWith(':'))) return { event: ':', data: '' };
      // The blank after the colon is optional in the standard and not in Gemini's clients.
      const field = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
      expect({ record, known: lines.every((line) => /^(event|data): /.test(line)) }).toEqual({ record, known: true });
      return { event: field('event')[0], data: field('data').join('\n') };
    });
}

const parse = <T>(data: string): T => JSON.parse(data) as T;

/** Events of a protocol that says each one's type twice: on its line and in its data. */
const named = <T extends { readonly type: string }>(raw: string): T[] =>
  eventsOf(raw)
    .filter(({ event }) => event !== ':')
    .map(({ event, data }) => {
      const json = parse<T>(data);
      expect(event).toBe(json.type);
      return json;
    });

/** A content block as a client keeps it and sends it back. */
export interface Block {
  readonly type: string;
  id?: string;
  name?: string;
  text?: string;
  thinking?: string;
  signature?: string;
  input?: object;
}

interface MessagesEvent {
  readonly type: string;
  readonly index: number;
  readonly content_block: Block;
  readonly delta: {
    readonly text?: string;
    readonly thinking?: string;
    readonly signature?: string;
    readonly partial_json?: string;
    readonly stop_reason?: string;
  };
}

/** Checks a Messages stream and folds its blocks. */
export function readMessagesStream(raw: string): { blocks: readonly Block[]; stopReason: string | undefined } {
  const parsed = named<MessagesEvent>(raw);
  expect(parsed[0]).toMatchObject({
    type: 'message_start',
    message: { usage: { input_tokens: expect.any(Number), output_tokens: expect.any(Number) } },
  });
  expect(parsed.at(-1)?.type).toBe('message_stop');
  const blocks: Block[] = [];
  let open: { block: Block; index: number; json: string } | undefined;
  let stopReason: string | undefined;
  for (const { type, index, content_block: block, delta } of parsed) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, blocks.length]);
      if (block.type === 'tool_use') expect(block.input).toEqual({});
      open = { block, index, json: '' };
    }
    if (type === 'content_block_delta') {
      expect(index).toBe(open?.index);
      if (open) open.json += delta.partial_json ?? '';
      for (const field of ['text', 'thinking', 'signature'] as const)
        if (open && delta[field] !== undefined) open.block[field] = (open.block[field] ?? '') + delta[field];
    }
    if (type === 'content_block_stop') {
      expect(index).toBe(open?.index);
      if (open?.json) open.block.input = parse(open.json);
      if (open) blocks.push(open.block);
      open = undefined;
    }
    if (type === 'message_delta') stopReason = delta.stop_reason;
  }
  // An empty text block comes back with the next turn, and the vendor refuses it.
  expect([open, blocks.filter(({ type, text }) => type === 'text' && !text)]).toEqual([undefined, []]);
  return { blocks, stopReason };
}

interface ChatChunk {
  readonly choices: readonly {
    readonly index: number;
    readonly delta: {
      readonly role?: string;
      readonly content?: string | null;
      readonly tool_calls?: readonly {
        readonly index: number;
        readonly id?: string;
        readonly type?: string;
        readonly function?: { readonly name?: string; readonly arguments?: string };
      }[];
    };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: object | null;
}

/** Checks a Chat stream and folds its text, its calls and its usage. */
export function readChatStream(raw: string) {
  const events = eventsOf(raw).filter(({ event }) => event !== ':');
  expect(events.at(-1)?.data).toBe('[DONE]');
  const chunks = events.slice(0, -1).map(({ data }) => parse<ChatChunk>(data));
  expect(chunks.filter(({ choices }) => !Array.isArray(choices))).toEqual([]);
  const choices = chunks.flatMap((chunk) => chunk.choices);
  expect(choices.filter(({ index }) => index !== 0)).toEqual([]);
  expect(choices[0]?.delta.role).toBe('assistant');
  const finishes = choices.flatMap(({ finish_reason }) => finish_reason ?? []);
  expect(finishes).toHaveLength(1);
  const usages = chunks.map(({ usage }) => usage ?? undefined);
  expect(usages.slice(0, -1).filter((usage) => usage !== undefined)).toEqual([]);
  const calls: { id: string | undefined; name: string; arguments: string }[] = [];
  for (const call of choices.flatMap(({ delta }) => delta.tool_calls ?? [])) {
    const { name = '', arguments: piece = '' } = call.function ?? {};
    const begun = calls[call.index];
    if (begun) {
      begun.name += name;
      begun.arguments += piece;
    } else {
      expect(call).toMatchObject({ id: expect.any(String), type: 'function', function: { name: expect.any(String) } });
      calls[call.index] = { id: call.id, name, arguments: piece };
    }
  }
  const text = choices.map(({ delta }) => delta.content ?? '').join('');
  const usageChunks = chunks.filter((chunk) => chunk.choices.length === 0).length;
  return { text, calls, finish: finishes[0], usage: usages.at(-1), usageChunks };
}

interface ResponsesEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly item?: object;
  readonly response: { readonly output: readonly Readonly<Record<string, unknown>>[]; readonly usage: object | null };
}

/** Checks a Responses stream and answers the output of its last event. */
export function readResponsesStream(raw: string): readonly Readonly<Record<string, unknown>>[] {
  const parsed = named<ResponsesEvent>(raw);
  expect(parsed.map(({ sequence_number }) => sequence_number)).toEqual(parsed.map((_, index) => index));
  expect(parsed[0]).toMatchObject({
    type: 'response.created',
    response: { output: [], created_at: expect.any(Number) },
  });
  const last = parsed.at(-1);
  expect(last?.type).toBe('response.completed');
  const done = parsed.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
  expect(last?.response.output).toEqual(done);
  expect(last?.response.usage).toMatchObject({ input_tokens: expect.any(Number), output_tokens: expect.any(Number) });
  return last?.response.output ?? [];
}

interface GeminiChunk {
  readonly candidates: readonly {
    readonly content?: { readonly parts?: readonly Readonly<Record<string, unknown>>[] };
    readonly finishReason?: string;
  }[];
}

/** Checks a Gemini stream, which has neither comments nor a last word, and answers its parts. */
export function readGeminiStream(raw: string): readonly Readonly<Record<string, unknown>>[] {
  const lines = raw.split(/\r?\n/).filter((line) => line !== '');
  expect(lines.filter((line) => !line.startsWith('data: {'))).toEqual([]);
  const chunks = lines.map((line) => parse<GeminiChunk>(line.slice('data: '.length)));
  expect(chunks.at(-1)?.candidates[0]?.finishReason).toBe('STOP');
  return chunks.flatMap(({ candidates }) => candidates[0]?.content?.parts ?? []);
}
