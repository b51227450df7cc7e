import type { Answered, Ask, Call, Part, Received, Turn } from '../neutral.js';
import { inexpressible } from '../neutral.js';
import { contentText, numberAt, pick, pickAll, textAt, wordAt } from '../pick.js';
import type { Dialect } from './dialect.js';

const MARK = { cache_control: { type: 'ephemeral' } };
const OUTPUT_TOKENS = 8_192;

const blockOf = (part: Part): readonly unknown[] => {
  switch (part.type) {
    case 'text':
      return [{ type: 'text', text: part.text }];
    case 'image':
      return [{ type: 'image', source: { type: 'base64', media_type: part.mime, data: part.data } }];
    case 'image-address':
      return [{ type: 'image', source: { type: 'url', url: part.url } }];
    case 'pdf':
      return [{ type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: part.data } }];
    case 'result': {
      const image = part.image && {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: part.image },
      };
      const content = image ? [{ type: 'text', text: part.text }, image] : part.text;
      return [{ type: 'tool_result', tool_use_id: part.call.id, content, ...(part.failed && { is_error: true }) }];
    }
    case 'kept':
      return part.kept;
  }
};

const choiceOf = ({ choice, parallel }: Ask): object | undefined => {
  const off = parallel === 'off' ? { disable_parallel_tool_use: true } : {};
  if (choice === undefined) return parallel === 'off' ? { type: 'auto', ...off } : undefined;
  if (choice === 'none') return { type: 'none' };
  if (choice === 'any') return { type: 'any', ...off };
  return 'tool' in choice ? { type: 'tool', name: choice.tool, ...off } : inexpressible('allowed tools');
};

const thinkingOf = ({ reasoning }: Ask): object => {
  if (reasoning === undefined) return {};
  if (reasoning === 'off') return { thinking: { type: 'disabled' } };
  if (reasoning === 'shown') return { thinking: { type: 'enabled', budget_tokens: 2_048 } };
  return { thinking: { type: 'adaptive' }, output_config: { effort: reasoning.effort } };
};

const messageOf = ({ role, parts }: Turn, marked: boolean): object => {
  const blocks = parts.flatMap(blockOf);
  const last = blocks.at(-1);
  return { role, content: marked && last ? [...blocks.slice(0, -1), { ...last, ...MARK }] : blocks };
};

const promptOf = (ask: Ask, model: string): object => {
  const tools = [
    ...(ask.tools ?? []).map(({ name, schema }) =>
      schema ? { name, description: `Does ${name}`, input_schema: schema } : inexpressible('free-form tools'),
    ),
    ...(ask.search ? [{ type: 'web_search_20250305', name: 'web_search' }] : []),
  ];
  const choice = choiceOf(ask);
  return {
    model,
    messages: ask.turns.map((turn, index) => messageOf(turn, ask.marks === 'on' && index === ask.turns.length - 1)),
    ...(ask.system !== undefined && {
      system: [{ type: 'text', text: ask.system, ...(ask.marks === 'on' && MARK) }],
    }),
    ...(tools.length > 0 && { tools }),
    ...(choice && { tool_choice: choice }),
    ...thinkingOf(ask),
  };
};

const write: Dialect['write'] = (ask, model, stream) => {
  if (ask.format === 'json') inexpressible('JSON without a schema');
  if (ask.seed !== undefined) inexpressible('a seed');
  const prompt = promptOf(ask, model) as { output_config?: object };
  const format = typeof ask.format === 'object' && { format: { type: 'json_schema', schema: ask.format.schema } };
  const config = { ...prompt.output_config, ...format };
  return {
    path: '/v1/messages',
    body: {
      ...prompt,
      max_tokens: ask.maxTokens ?? OUTPUT_TOKENS,
      ...(Object.keys(config).length > 0 && { output_config: config }),
      ...(ask.stop && { stop_sequences: ask.stop }),
      ...(ask.temperature !== undefined && { temperature: ask.temperature }),
      ...(ask.topP !== undefined && { top_p: ask.topP }),
      ...(ask.endUser !== undefined && { metadata: { user_id: ask.endUser } }),
      stream,
    },
  };
};

const imageOf = (block: unknown): string =>
  wordAt(block, 'source.url') ?? `${wordAt(block, 'source.media_type')} ${wordAt(block, 'source.data')}`;
const ofType =
  (type: string) =>
  (block: unknown): boolean =>
    pick(block, 'type') === type;

const readRequest = (body: unknown): Received => {
  const blocks = pickAll(body, 'messages.*.content.*');
  const tools = pickAll(body, 'tools.*');
  const choice = wordAt(body, 'tool_choice.type') ?? 'auto';
  return {
    system: contentText(pick(body, 'system')),
    roles: pickAll(body, 'messages.*.role').map(String),
    text: pickAll(body, 'messages.*.content')
      .map((content) => contentText(content))
      .join('\n'),
    images: blocks.filter(ofType('image')).map(imageOf),
    pdfs: blocks.filter(ofType('document')).length,
    tools: tools.filter((tool) => pick(tool, 'input_schema') !== undefined).map((tool) => String(pick(tool, 'name'))),
    freeform: [],
    choice: choice === 'tool' ? `tool ${wordAt(body, 'tool_choice.name')}` : choice,
    allowed: [],
    parallel: pick(body, 'tool_choice.disable_parallel_tool_use') === true ? 'off' : 'on',
    results: blocks.filter(ofType('tool_result')).map((block) => ({
      text: contentText(pick(block, 'content')),
      images: pickAll(block, 'content.*').filter(ofType('image')).length,
      failed: pick(block, 'is_error') === true,
    })),
    effort: wordAt(body, 'thinking.type') === 'disabled' ? 'none' : wordAt(body, 'output_config.effort'),
    format: pick(body, 'output_config.format') === undefined ? 'none' : 'schema',
    stop: pickAll(body, 'stop_sequences.*').map(String),
    maxTokens: numberAt(body, 'max_tokens'),
    temperature: pick(body, 'temperature') as number | undefined,
    topP: pick(body, 'top_p') as number | undefined,
    seed: undefined,
    marks: JSON.stringify(body).split('"cache_control"').length - 1,
    search: tools.some((tool) => wordAt(tool, 'type')?.startsWith('web_search') === true),
    endUser: wordAt(body, 'metadata.user_id'),
    state: blocks.map((block) => wordAt(block, 'data') ?? (wordAt(block, 'signature') || textAt(block, 'thinking'))),
  };
};

const FINISH: Readonly<Record<string, Answered['finish']>> = {
  end_turn: 'end',
  max_tokens: 'length',
  stop_sequence: 'stop-sequence',
  tool_use: 'tools',
  refusal: 'refusal',
};

const readAnswer = (answer: unknown): Answered => {
  const content = pickAll(answer, 'content.*');
  return {
    text: textAt(content.filter(ofType('text')), '*.text'),
    reasoning: textAt(content, '*.thinking'),
    calls: content.filter(ofType('tool_use')) as unknown as readonly Call[],
    finish: FINISH[wordAt(answer, 'stop_reason') ?? ''] ?? 'other',
    usage: {
      input:
        numberAt(answer, 'usage.input_tokens') +
        numberAt(answer, 'usage.cache_read_input_tokens') +
        numberAt(answer, 'usage.cache_creation_input_tokens'),
      cached: numberAt(answer, 'usage.cache_read_input_tokens'),
      output: numberAt(answer, 'usage.output_tokens'),
    },
    citations: content.flatMap((block) =>
      pickAll(block, 'citations.*').map((citation) => ({
        url: wordAt(citation, 'url') ?? '',
        words: wordAt(citation, 'cited_text') ?? '',
      })),
    ),
    kept: content,
  };
};

interface Open {
  block: Record<string, unknown>;
  json: string;
}

const fold = (events: readonly unknown[]): unknown => {
  if (pick(events.at(-1), 'type') !== 'message_stop') return undefined;
  const open: Open[] = [];
  let message: object = {};
  for (const event of events) {
    const at = open[numberAt(event, 'index')];
    if (ofType('message_start')(event)) message = pick(event, 'message') as object;
    if (ofType('content_block_start')(event))
      open.push({ block: { ...(pick(event, 'content_block') as object) }, json: '' });
    if (at && ofType('content_block_delta')(event)) {
      at.json += textAt(event, 'delta.partial_json');
      const citation = pick(event, 'delta.citation');
      if (citation !== undefined) at.block['citations'] = [...pickAll(at.block, 'citations.*'), citation];
      for (const field of ['text', 'thinking', 'signature'])
        if (pick(event, `delta.${field}`) !== undefined)
          at.block[field] = `${wordAt(at.block, field) ?? ''}${textAt(event, `delta.${field}`)}`;
    }
    if (ofType('message_delta')(event))
      message = {
        ...message,
        ...(pick(event, 'delta') as object),
        usage: { ...(pick(message, 'usage') as object), ...(pick(event, 'usage') as object) },
      };
  }
  const content = open.map(({ block, json }) =>
    json === '' ? block : { ...block, input: JSON.parse(json) as unknown },
  );
  return { ...message, content };
};

export const anthropic: Dialect = {
  protocol: 'anthropic-messages',
  asksToSee: true,
  write,
  writeCount: (ask, model) => ({ path: '/v1/messages/count_tokens', body: promptOf(ask, model) }),
  readCount: (answer) => numberAt(answer, 'input_tokens'),
  readRequest,
  readAnswer,
  fold,
  failed: (events) => events.some(ofType('error')),
};
