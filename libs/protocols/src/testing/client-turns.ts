import type { ProtocolName } from '@bytespike/kernel';

type Json = Readonly<Record<string, unknown>>;
type List = readonly Json[];

/** A call as the client's program sees it, and will answer it. */
export interface SeenCall {
  readonly id: string;
  readonly name: string;
}

/** How a program that uses a dialect goes on from an answer: it runs the calls and sends everything back. */
interface ClientTurns {
  calls(answer: Json): readonly SeenCall[];
  /** The body of the next request: the old one, the answer as it came, and what the calls gave. */
  next(body: Json, answer: Json, results: readonly (SeenCall & { readonly text: string })[]): Json;
}

const list = (value: unknown): List => (Array.isArray(value) ? (value as List) : []);
const object = (value: unknown): Json => (value ?? {}) as Json;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const messageOf = (answer: Json): Json => object(list(answer['choices'])[0]?.['message']);
const contentOf = (answer: Json): Json => object(list(answer['candidates'])[0]?.['content']);

const TURNS: Readonly<Record<ProtocolName, ClientTurns>> = {
  'anthropic-messages': {
    calls: ({ content }) =>
      list(content).flatMap((block) =>
        block['type'] === 'tool_use' ? [{ id: text(block['id']), name: text(block['name']) }] : [],
      ),
    next: (body, answer, results) => ({
      ...body,
      messages: [
        ...list(body['messages']),
        { role: 'assistant', content: answer['content'] },
        {
          role: 'user',
          content: results.map((one) => ({ type: 'tool_result', tool_use_id: one.id, content: one.text })),
        },
      ],
    }),
  },
  'openai-responses': {
    calls: ({ output }) =>
      list(output).flatMap((item) =>
        item['type'] === 'function_call' ? [{ id: text(item['call_id']), name: text(item['name']) }] : [],
      ),
    next: (body, answer, results) => ({
      ...body,
      input: [
        ...(typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : list(body['input'])),
        ...list(answer['output']),
        ...results.map((one) => ({ type: 'function_call_output', call_id: one.id, output: one.text })),
      ],
    }),
  },
  'openai-chat': {
    calls: (answer) =>
      list(messageOf(answer)['tool_calls']).map((call) => ({
        id: text(call['id']),
        name: text(object(call['function'])['name']),
      })),
    next: (body, answer, results) => ({
      ...body,
      messages: [
        ...list(body['messages']),
        messageOf(answer),
        ...results.map((one) => ({ role: 'tool', tool_call_id: one.id, content: one.text })),
      ],
    }),
  },
  'gemini-generate': {
    calls: (answer) =>
      list(contentOf(answer)['parts']).flatMap(({ functionCall }) =>
        functionCall ? [{ id: text(object(functionCall)['id']), name: text(object(functionCall)['name']) }] : [],
      ),
    next: (body, answer, results) => ({
      ...body,
      contents: [
        ...list(body['contents']),
        contentOf(answer),
        {
          role: 'user',
          parts: results.map(({ id, name, text: output }) => ({
            functionResponse: { ...(id !== '' && { id }), name, response: { output } },
          })),
        },
      ],
    }),
  },
};

export const callsOf = (client: ProtocolName, answer: object): readonly SeenCall[] =>
  TURNS[client].calls(answer as Json);

/** The request a client sends next, every call of the answer run. */
export const nextBody = (client: ProtocolName, body: object, answer: object): object =>
  TURNS[client].next(
    body as Json,
    answer as Json,
    callsOf(client, answer).map((call) => ({ ...call, text: `result of ${call.id || call.name}` })),
  );

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };

/** The declaration of one tool, as each client spells it. */
export const toolFields = (client: ProtocolName, ...names: readonly string[]): object =>
  ({
    'anthropic-messages': { tools: names.map((name) => ({ name, input_schema: PARAMETERS })) },
    'openai-responses': {
      tools: names.map((name) => ({ type: 'function', name, parameters: PARAMETERS, strict: false })),
    },
    'openai-chat': { tools: names.map((name) => ({ type: 'function', function: { name, parameters: PARAMETERS } })) },
    'gemini-generate': {
      tools: [{ functionDeclarations: names.map((name) => ({ name, parametersJsonSchema: PARAMETERS })) }],
    },
  })[client];
