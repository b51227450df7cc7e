import type { Answered, Ask, Part, Received, Tool, Turn } from '../neutral.js';
import { inexpressible } from '../neutral.js';
import { asValue, contentText, numberAt, pick, pickAll, sliceCodePoints, textAt, wordAt } from '../pick.js';
import type { Dialect } from './dialect.js';

const MARK = { prompt_cache_breakpoint: { mode: 'explicit' } };

const partOf = (part: Part): object => {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image':
      return { type: 'image_url', image_url: { url: `data:${part.mime};base64,${part.data}` } };
    case 'image-address':
      return { type: 'image_url', image_url: { url: part.url } };
    case 'pdf':
      return { type: 'file', file: { file_data: `data:application/pdf;base64,${part.data}`, filename: 'a.pdf' } };
    default:
      return inexpressible(`${part.type} in a message`);
  }
};

const resultOf = (part: Extract<Part, { type: 'result' }>): object => {
  if (part.image !== undefined) inexpressible('an image in a tool result');
  if (part.failed) inexpressible('a failed tool');
  return { role: 'tool', tool_call_id: part.call.id, content: part.text };
};

const messagesOf = ({ role, parts }: Turn, marked: boolean): readonly unknown[] => {
  const first = parts[0];
  if (first?.type === 'kept') return first.kept;
  if (first?.type === 'result')
    return parts.map((part) => (part.type === 'result' ? resultOf(part) : inexpressible('')));
  const content = parts.map(partOf);
  const last = content.at(-1);
  return [{ role, content: marked && last ? [...content.slice(0, -1), { ...last, ...MARK }] : content }];
};

const toolOf = ({ name, schema }: Tool): object =>
  schema
    ? { type: 'function', function: { name, description: `Does ${name}`, parameters: schema } }
    : { type: 'custom', custom: { name, description: `Does ${name}` } };

const choiceOf = ({ choice }: Ask): unknown => {
  if (choice === undefined || choice === 'none') return choice;
  if (choice === 'any') return 'required';
  if ('tool' in choice) return { type: 'function', function: { name: choice.tool } };
  const tools = choice.allowed.map((name) => ({ type: 'function', function: { name } }));
  return { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools } };
};

const effortOf = ({ reasoning }: Ask): string | undefined => {
  if (reasoning === undefined) return undefined;
  if (reasoning === 'off') return 'none';
  return reasoning === 'shown' ? 'medium' : reasoning.effort;
};

const write: Dialect['write'] = (ask, model, stream) => {
  if (ask.search) inexpressible('a search by an ordinary model');
  const { format, endUser, marks } = ask;
  const effort = effortOf(ask);
  const choice = choiceOf(ask);
  const system = { role: 'system', content: [{ type: 'text', text: ask.system, ...(marks === 'on' && MARK) }] };
  return {
    path: '/v1/chat/completions',
    body: {
      ...{ model, stream },
      messages: [
        ...(ask.system === undefined ? [] : [system]),
        ...ask.turns.flatMap((turn, index) => messagesOf(turn, marks === 'on' && index === ask.turns.length - 1)),
      ],
      ...(stream && { stream_options: { include_usage: true } }),
      ...(ask.tools && { tools: ask.tools.map(toolOf) }),
      ...(choice !== undefined && { tool_choice: choice }),
      ...(ask.parallel === 'off' && { parallel_tool_calls: false }),
      ...(effort !== undefined && { reasoning_effort: effort }),
      ...(format === 'json' && { response_format: { type: 'json_object' } }),
      ...(typeof format === 'object' && {
        response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: format.schema, strict: true } },
      }),
      ...(ask.stop && { stop: ask.stop }),
      ...(ask.maxTokens !== undefined && { max_completion_tokens: ask.maxTokens }),
      ...(ask.temperature !== undefined && { temperature: ask.temperature }),
      ...(ask.topP !== undefined && { top_p: ask.topP }),
      ...(ask.seed !== undefined && { seed: ask.seed }),
      ...(endUser !== undefined && { safety_identifier: endUser }),
    },
  };
};

const WORDS: Readonly<Record<string, string>> = { required: 'any' };

const readChoice = (body: unknown): string => {
  const named = wordAt(body, 'tool_choice.function.name');
  if (named !== undefined) return `tool ${named}`;
  const word = wordAt(body, 'tool_choice.allowed_tools.mode') ?? wordAt(body, 'tool_choice') ?? 'auto';
  return WORDS[word] ?? word;
};

const FORMATS: Readonly<Record<string, Received['format']>> = { json_object: 'json', json_schema: 'schema' };
const inRoles =
  (...roles: readonly string[]) =>
  (message: unknown): boolean =>
    roles.includes(String(pick(message, 'role')));

const readRequest = (body: unknown): Received => {
  const messages = pickAll(body, 'messages.*');
  const leading = messages.findIndex((message) => !inRoles('system', 'developer')(message));
  const turns = messages.slice(leading);
  const tools = pickAll(body, 'tools.*');
  return {
    system: messages
      .slice(0, leading)
      .map((message) => contentText(pick(message, 'content')))
      .join('\n'),
    roles: turns
      .map((message) => String(pick(message, 'role')))
      .map((role) => (role === 'developer' ? 'system' : role)),
    text: turns.map((message) => contentText(pick(message, 'content'))).join('\n'),
    images: pickAll(turns, '*.content.*.image_url.url').map((url) =>
      String(url).replace(/^data:([^;]+);base64,/, '$1 '),
    ),
    pdfs: pickAll(turns, '*.content.*.file').length,
    tools: pickAll(tools, '*.function.name').map(String),
    freeform: pickAll(tools, '*.custom.name').map(String),
    choice: readChoice(body),
    allowed: pickAll(body, 'tool_choice.allowed_tools.tools.*.function.name').map(String),
    parallel: pick(body, 'parallel_tool_calls') === false ? 'off' : 'on',
    results: messages.filter(inRoles('tool')).map((message) => ({
      text: contentText(pick(message, 'content')),
      images: pickAll(message, 'content.*.image_url').length,
      failed: false,
    })),
    effort: wordAt(body, 'thinking.type') === 'disabled' ? 'none' : wordAt(body, 'reasoning_effort'),
    format: FORMATS[wordAt(body, 'response_format.type') ?? ''] ?? 'none',
    stop: [pick(body, 'stop')].flat().filter((stop) => typeof stop === 'string'),
    maxTokens: (pick(body, 'max_completion_tokens') ?? pick(body, 'max_tokens')) as number | undefined,
    temperature: pick(body, 'temperature') as number | undefined,
    topP: pick(body, 'top_p') as number | undefined,
    seed: pick(body, 'seed') as number | undefined,
    marks: pickAll(body, 'messages.*.content.*.prompt_cache_breakpoint').length,
    search: pick(body, 'web_search_options') !== undefined,
    endUser: wordAt(body, 'safety_identifier') ?? wordAt(body, 'user') ?? wordAt(body, 'user_id'),
    state: messages.map(
      (message) =>
        textAt(message, 'reasoning_content') ||
        textAt(message, 'reasoning_details.*.text') ||
        (/^<think>(.*)<\/think>/s.exec(textAt(message, 'content'))?.[1] ?? ''),
    ),
  };
};

const FINISH: Readonly<Record<string, Answered['finish']>> = {
  stop: 'end',
  length: 'length',
  tool_calls: 'tools',
  content_filter: 'refusal',
};

const readAnswer = (answer: unknown): Answered => {
  const message = pick(answer, 'choices.*.message');
  const refused = wordAt(message, 'refusal') !== undefined;
  const text = textAt(message, 'content');
  return {
    text,
    reasoning: textAt(message, 'reasoning_content'),
    calls: pickAll(message, 'tool_calls.*').map((call) => ({
      id: wordAt(call, 'id') ?? '',
      name: wordAt(call, 'function.name') ?? wordAt(call, 'custom.name') ?? '',
      input: asValue(pick(call, 'function.arguments')) ?? { input: pick(call, 'custom.input') },
    })),
    finish: refused ? 'refusal' : (FINISH[wordAt(answer, 'choices.*.finish_reason') ?? ''] ?? 'other'),
    usage: {
      input: numberAt(answer, 'usage.prompt_tokens'),
      cached: numberAt(answer, 'usage.prompt_tokens_details.cached_tokens'),
      output: numberAt(answer, 'usage.completion_tokens'),
    },
    citations: pickAll(message, 'annotations.*.url_citation').map((citation) => ({
      url: wordAt(citation, 'url') ?? '',
      words: sliceCodePoints(text, numberAt(citation, 'start_index'), numberAt(citation, 'end_index')),
    })),
    kept: [message],
  };
};

/** Streams end with their finish and `[DONE]`; the marker is left in the events as a string. */
const fold = (events: readonly unknown[]): unknown => {
  if (events.at(-1) !== '[DONE]') return undefined;
  const message: Record<string, unknown> = { role: 'assistant', content: null };
  const calls: Record<string, unknown>[] = [];
  for (const delta of pickAll(events, '*.choices.*.delta')) {
    for (const field of ['content', 'reasoning_content', 'refusal'])
      if (wordAt(delta, field) !== undefined) message[field] = `${wordAt(message, field) ?? ''}${textAt(delta, field)}`;
    for (const list of ['annotations', 'reasoning_details'])
      if (pick(delta, list) !== undefined)
        message[list] = [...pickAll(message, `${list}.*`), ...pickAll(delta, `${list}.*`)];
    for (const piece of pickAll(delta, 'tool_calls.*')) addCall(calls, piece);
  }
  return {
    choices: [
      {
        message: { ...message, ...(calls.length > 0 && { tool_calls: calls }) },
        finish_reason: pickAll(events, '*.choices.*.finish_reason').findLast((reason) => reason !== null),
      },
    ],
    usage: pickAll(events, '*.usage').findLast((usage) => usage !== null),
  };
};

const FIELDS = { function: 'arguments', custom: 'input' } as const;

const addCall = (calls: Record<string, unknown>[], piece: unknown): void => {
  const index = numberAt(piece, 'index');
  const begun = calls[index];
  if (!begun) {
    const { index: _index, ...call } = structuredClone(piece) as Record<string, unknown>;
    calls[index] = call;
    return;
  }
  for (const [kind, field] of Object.entries(FIELDS)) {
    const held = begun[kind] as Record<string, unknown> | undefined;
    if (held) held[field] = `${wordAt(held, field) ?? ''}${textAt(piece, `${kind}.${field}`)}`;
    Object.assign(
      begun,
      pick(piece, 'extra_content') === undefined ? {} : { extra_content: pick(piece, 'extra_content') },
    );
  }
};

export const chat: Dialect = {
  protocol: 'openai-chat',
  asksToSee: false,
  write,
  writeCount: () => inexpressible('counting'),
  readCount: () => 0,
  readRequest,
  readAnswer,
  fold,
  failed: (events) => pickAll(events, '*.error').length > 0,
};
