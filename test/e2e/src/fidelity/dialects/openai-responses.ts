import type { Answered, Ask, Part, Received, Tool, Turn } from '../neutral.js';
import { inexpressible } from '../neutral.js';
import { asValue, contentText, numberAt, pick, pickAll, sliceCodePoints, textAt, wordAt } from '../pick.js';
import type { Dialect } from './dialect.js';

const MARK = { prompt_cache_breakpoint: { mode: 'explicit' } };

const partOf = (part: Part): object => {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image':
      return { type: 'input_image', image_url: `data:${part.mime};base64,${part.data}`, detail: 'auto' };
    case 'image-address':
      return { type: 'input_image', image_url: part.url, detail: 'auto' };
    case 'pdf':
      return { type: 'input_file', file_data: `data:application/pdf;base64,${part.data}`, filename: 'a.pdf' };
    default:
      return inexpressible(`${part.type} in a message`);
  }
};

const resultOf = (part: Extract<Part, { type: 'result' }>): object => {
  if (part.failed) inexpressible('a failed tool');
  const image = part.image && { type: 'input_image', image_url: `data:image/png;base64,${part.image}`, detail: 'auto' };
  const output = image ? [{ type: 'input_text', text: part.text }, image] : part.text;
  return { type: 'function_call_output', call_id: part.call.id, output };
};

const itemsOf = ({ role, parts }: Turn, marked: boolean): readonly unknown[] => {
  const first = parts[0];
  if (first?.type === 'kept') return first.kept;
  if (first?.type === 'result')
    return parts.map((part) => (part.type === 'result' ? resultOf(part) : inexpressible('')));
  if (role === 'assistant') {
    const texts = parts.map((part) => (part.type === 'text' ? part.text : inexpressible(part.type)));
    const content = texts.map((text) => ({ type: 'output_text', text, annotations: [] }));
    return [{ type: 'message', role, content }];
  }
  const content = parts.map(partOf);
  const last = content.at(-1);
  const spoken = marked && last ? [...content.slice(0, -1), { ...last, ...MARK }] : content;
  return [{ type: 'message', role: role === 'system' ? 'developer' : role, content: spoken }];
};

const toolOf = ({ name, schema }: Tool): object =>
  schema
    ? { type: 'function', name, description: `Does ${name}`, parameters: schema, strict: false }
    : { type: 'custom', name, description: `Does ${name}` };

const choiceOf = ({ choice }: Ask): unknown => {
  if (choice === undefined || choice === 'none') return choice;
  if (choice === 'any') return 'required';
  if ('tool' in choice) return { type: 'function', name: choice.tool };
  return { type: 'allowed_tools', mode: 'auto', tools: choice.allowed.map((name) => ({ type: 'function', name })) };
};

const reasoningOf = ({ reasoning }: Ask): object => {
  if (reasoning === undefined) return {};
  if (reasoning === 'off') return { reasoning: { effort: 'none' } };
  return { reasoning: reasoning === 'shown' ? { effort: 'medium', summary: 'auto' } : { effort: reasoning.effort } };
};

const systemTurn = (text: string): Turn => ({ role: 'system', parts: [{ type: 'text', text }] });

const promptOf = (ask: Ask, model: string): object => {
  const tools = [...(ask.tools ?? []).map(toolOf), ...(ask.search ? [{ type: 'web_search' }] : [])];
  const choice = choiceOf(ask);
  const { format } = ask;
  return {
    model,
    // Instructions cannot be marked; a leading developer message can.
    input: [
      ...(ask.system !== undefined && ask.marks === 'on' ? itemsOf(systemTurn(ask.system), true) : []),
      ...ask.turns.flatMap((turn, index) => itemsOf(turn, ask.marks === 'on' && index === ask.turns.length - 1)),
    ],
    ...(ask.system !== undefined && ask.marks !== 'on' && { instructions: ask.system }),
    ...(tools.length > 0 && { tools }),
    ...(choice !== undefined && { tool_choice: choice }),
    ...(ask.parallel === 'off' && { parallel_tool_calls: false }),
    ...reasoningOf(ask),
    ...(format === 'json' && { text: { format: { type: 'json_object' } } }),
    ...(typeof format === 'object' && {
      text: { format: { type: 'json_schema', name: 'answer', schema: format.schema, strict: true } },
    }),
  };
};

const write: Dialect['write'] = (ask, model, stream) => {
  if (ask.stop) inexpressible('stop sequences');
  if (ask.seed !== undefined) inexpressible('a seed');
  return {
    path: '/v1/responses',
    body: {
      ...promptOf(ask, model),
      ...{ stream, store: false },
      ...(ask.reasoning === 'shown' && { include: ['reasoning.encrypted_content'] }),
      ...(ask.maxTokens !== undefined && { max_output_tokens: ask.maxTokens }),
      ...(ask.temperature !== undefined && { temperature: ask.temperature }),
      ...(ask.topP !== undefined && { top_p: ask.topP }),
      ...(ask.endUser !== undefined && { safety_identifier: ask.endUser }),
    },
  };
};

const ofType =
  (...types: readonly string[]) =>
  (item: unknown): boolean =>
    types.includes(String(pick(item, 'type') ?? 'message'));

const WORDS: Readonly<Record<string, string>> = { required: 'any' };
const readChoice = (body: unknown): string => {
  if (wordAt(body, 'tool_choice.type') === 'function') return `tool ${wordAt(body, 'tool_choice.name')}`;
  const word = wordAt(body, 'tool_choice.mode') ?? wordAt(body, 'tool_choice') ?? 'auto';
  return WORDS[word] ?? word;
};

const FORMATS: Readonly<Record<string, Received['format']>> = { json_object: 'json', json_schema: 'schema' };
const isSystem = (item: unknown): boolean => ['system', 'developer'].includes(String(pick(item, 'role')));

/** Sealed at OpenAI; readable, in one of two places, at those that look like it. */
const stateOf = (item: unknown): string =>
  wordAt(item, 'encrypted_content') ?? (textAt(item, 'content.*.text') || textAt(item, 'summary.*.text'));

const readRequest = (body: unknown): Received => {
  const input = pick(body, 'input');
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : pickAll(body, 'input.*');
  const leading = Math.max(
    items.findIndex((item) => !isSystem(item)),
    0,
  );
  const turns = items.slice(leading).filter(ofType('message'));
  const tools = pickAll(body, 'tools.*');
  const named = (type: string): readonly string[] => pickAll(tools.filter(ofType(type)), '*.name').map(String);
  return {
    system: [
      textAt(body, 'instructions'),
      ...items.slice(0, leading).map((item) => contentText(pick(item, 'content'))),
    ].join('\n'),
    roles: turns.map((item) => (isSystem(item) ? 'system' : String(pick(item, 'role')))),
    text: turns.map((item) => contentText(pick(item, 'content'))).join('\n'),
    images: pickAll(turns, '*.content.*.image_url').map((url) => String(url).replace(/^data:([^;]+);base64,/, '$1 ')),
    pdfs: pickAll(turns, '*.content.*').filter(ofType('input_file')).length,
    tools: named('function'),
    freeform: named('custom'),
    choice: readChoice(body),
    allowed: pickAll(body, 'tool_choice.tools.*.name').map(String),
    parallel: pick(body, 'parallel_tool_calls') === false ? 'off' : 'on',
    results: items.filter(ofType('function_call_output', 'custom_tool_call_output')).map((item) => ({
      text: contentText(pick(item, 'output')),
      images: pickAll(item, 'output.*.image_url').length,
      failed: false,
    })),
    effort: wordAt(body, 'reasoning.effort'),
    format: FORMATS[wordAt(body, 'text.format.type') ?? ''] ?? 'none',
    stop: [],
    maxTokens: pick(body, 'max_output_tokens') as number | undefined,
    temperature: pick(body, 'temperature') as number | undefined,
    topP: pick(body, 'top_p') as number | undefined,
    seed: undefined,
    marks: JSON.stringify(body).split('"prompt_cache_breakpoint"').length - 1,
    search: tools.some(ofType('web_search')),
    endUser: wordAt(body, 'safety_identifier') ?? wordAt(body, 'user'),
    state: items.filter(ofType('reasoning')).map(stateOf),
  };
};

const finishOf = (answer: unknown, calls: number): Answered['finish'] => {
  const reason = wordAt(answer, 'incomplete_details.reason');
  if (reason !== undefined) return reason === 'max_output_tokens' ? 'length' : 'refusal';
  if (pickAll(answer, 'output.*.content.*').some(ofType('refusal'))) return 'refusal';
  return calls > 0 ? 'tools' : 'end';
};

const readAnswer = (answer: unknown): Answered => {
  const output = pickAll(answer, 'output.*');
  const parts = pickAll(output.filter(ofType('message')), '*.content.*');
  const calls = output.filter(ofType('function_call', 'custom_tool_call')).map((item) => ({
    id: wordAt(item, 'call_id') ?? '',
    name: wordAt(item, 'name') ?? '',
    input: asValue(pick(item, 'arguments')) ?? { input: pick(item, 'input') },
  }));
  return {
    text: textAt(parts, '*.text'),
    reasoning: textAt(output.filter(ofType('reasoning')), '*.summary.*.text'),
    calls,
    finish: finishOf(answer, calls.length),
    usage: {
      input: numberAt(answer, 'usage.input_tokens'),
      cached: numberAt(answer, 'usage.input_tokens_details.cached_tokens'),
      output: numberAt(answer, 'usage.output_tokens'),
    },
    citations: parts.flatMap((part) =>
      pickAll(part, 'annotations.*').map((citation) => ({
        url: wordAt(citation, 'url') ?? '',
        words: sliceCodePoints(
          textAt(part, 'text'),
          numberAt(citation, 'start_index'),
          numberAt(citation, 'end_index'),
        ),
      })),
    ),
    kept: output,
  };
};

const ENDS = ['response.completed', 'response.incomplete'];

export const responses: Dialect = {
  protocol: 'openai-responses',
  asksToSee: true,
  write,
  writeCount: (ask, model) => ({ path: '/v1/responses/input_tokens', body: promptOf(ask, model) }),
  readCount: (answer) => numberAt(answer, 'input_tokens'),
  readRequest,
  readAnswer,
  fold: (events) => (ENDS.includes(wordAt(events.at(-1), 'type') ?? '') ? pick(events.at(-1), 'response') : undefined),
  failed: (events) => events.some(ofType('error')) && events.some(ofType('response.failed')),
};
