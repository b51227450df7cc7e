import { A, C, route } from '../testing/case.js';
import { describeSent, hi, type SentRow } from '../testing/sent-rows.js';
import type { ExchangeOptions } from '../translation/exchange.js';

const openai = (upstreamModel: string, client: ExchangeOptions['client'] = A): ExchangeOptions => ({
  ...route(client, C),
  upstreamModel,
});
const to = (vendor: string, client: ExchangeOptions['client'] = A): ExchangeOptions => route(client, C, vendor);
const limit = { max_tokens: 2_000 };
const tool = { name: 'look', input_schema: { type: 'object' } };
const mark = { cache_control: { type: 'ephemeral' } };
const hour = { cache_control: { type: 'ephemeral', ttl: '1h' } };
const breakpoint = { prompt_cache_breakpoint: { mode: 'explicit' } };

const REASONING: readonly SentRow[] = [
  {
    name: 'the highest effort, where it is known',
    way: openai('gpt-5.6'),
    fields: { ...limit, thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
    sent: { reasoning_effort: 'max' },
    lost: [],
  },
  {
    name: 'no limit where none can be meant',
    way: openai('gpt-5.4'),
    fields: { max_tokens: 0 },
    sent: { max_completion_tokens: undefined },
    lost: ['L64 max_tokens'],
  },
  {
    name: 'less than was asked for, where it is not',
    way: openai('gpt-5.4'),
    fields: { ...limit, thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
    sent: { reasoning_effort: 'xhigh' },
    lost: ['L43 output_config.effort'],
  },
  {
    name: 'no effort to a model that does not reason, and its sampling',
    way: openai('gpt-4.1'),
    fields: { ...limit, temperature: 0.4, stop_sequences: ['END'], output_config: { effort: 'high' } },
    sent: { reasoning_effort: undefined, temperature: 0.4, stop: ['END'] },
    lost: ['L43 output_config.effort'],
  },
  {
    name: 'sampling while nobody reasons, and none while somebody does',
    way: openai('gpt-5.5'),
    fields: { ...limit, temperature: 0.4, thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
    sent: { reasoning_effort: 'low', temperature: undefined },
    lost: ['L60 temperature'],
  },
  {
    name: 'thinking in the field in which its vendor gave it',
    way: to('minimax', C),
    fields: {
      messages: [hi, { role: 'assistant', content: 'So.', reasoning_content: 'Hm.' }, hi],
    },
    sent: {
      'messages.1': {
        role: 'assistant',
        content: 'So.',
        reasoning_details: [{ type: 'reasoning.text', id: 'reasoning-text-1', index: 0, text: 'Hm.' }],
      },
      reasoning_split: true,
    },
    lost: [],
  },
  {
    name: 'thinking with the wish that it be kept, to a vendor that clears it',
    way: to('zhipu', C),
    fields: { messages: [hi, { role: 'assistant', content: 'So.', reasoning_content: 'Hm.' }, hi] },
    sent: { thinking: { type: 'enabled', clear_thinking: false }, 'messages.1.reasoning_content': 'Hm.' },
    lost: [],
  },
  {
    name: 'no thinking of others in fields its owner refuses',
    way: openai('gpt-5.5', C),
    fields: { messages: [hi, { role: 'assistant', content: 'So.', name: 'ann', reasoning_content: 'Hm.' }, hi] },
    sent: { 'messages.1': { role: 'assistant', content: 'So.', name: 'ann' } },
    lost: ['L40 messages.1.reasoning_content'],
  },
  {
    name: 'no switch to a model that cannot be told not to think',
    way: { ...to('zhipu'), upstreamModel: 'glm-5.3' },
    fields: { ...limit, thinking: { type: 'disabled' } },
    sent: { thinking: undefined, reasoning_effort: undefined },
    lost: ['L43 thinking.type'],
  },
];

const TOOLS: readonly SentRow[] = [
  {
    name: 'no tools where none may be called and nobody would read so',
    way: to('zhipu'),
    fields: { ...limit, tools: [tool], tool_choice: { type: 'none' } },
    sent: { tools: undefined, tool_choice: undefined },
    lost: ['L26 tool_choice'],
  },
  {
    name: 'no forced tool to a vendor that would ignore it',
    way: to('zhipu'),
    fields: { ...limit, tools: [tool], tool_choice: { type: 'any' } },
    sent: { tool_choice: undefined },
    lost: ['L25 tool_choice'],
  },
  {
    name: 'a search, of a model that makes them',
    way: openai('gpt-5-search-api'),
    fields: {
      ...limit,
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3, user_location: { city: 'Oslo' } }],
      tool_choice: { type: 'tool', name: 'web_search' },
    },
    sent: {
      web_search_options: { user_location: { type: 'approximate', approximate: { city: 'Oslo' } } },
      tools: undefined,
      tool_choice: undefined,
    },
    lost: ['L26 tools.0.max_uses'],
  },
  {
    name: 'no search bound to domains, which nobody here keeps to',
    way: openai('gpt-5-search-api'),
    fields: {
      ...limit,
      tools: [{ type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a.test'] }],
    },
    sent: { web_search_options: {} },
    lost: ['L70 tools.0.allowed_domains'],
  },
  {
    name: 'no search to a model without one, and told so when it was to be made',
    way: openai('gpt-5.5'),
    fields: {
      ...limit,
      tools: [{ type: 'web_search_20250305', name: 'web_search' }],
      tool_choice: { type: 'tool', name: 'web_search' },
    },
    sent: { web_search_options: undefined, tools: undefined, tool_choice: undefined },
    lost: ['L22 tools.0', 'L25 tool_choice'],
  },
  {
    name: 'functions of the oldest form as tools, one at a time',
    way: openai('gpt-5.5', C),
    fields: {
      functions: [{ name: 'look', parameters: { type: 'object' } }],
      function_call: { name: 'look' },
      messages: [
        hi,
        { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{"a":1}' } },
        { role: 'function', name: 'look', content: 'seen' },
      ],
    },
    sent: {
      tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
      tool_choice: { type: 'function', function: { name: 'look' } },
      parallel_tool_calls: false,
      functions: undefined,
      'messages.1.tool_calls': [
        { id: 'call_function_1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } },
      ],
      'messages.2': { role: 'tool', tool_call_id: 'call_function_1', content: 'seen' },
    },
    lost: [],
  },
];

const MARKS: readonly SentRow[] = [
  {
    name: 'breakpoints where a model takes them, an hour rounded up',
    way: openai('gpt-5.6'),
    fields: {
      ...limit,
      system: [{ type: 'text', text: 'Be brief.', ...mark }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', ...hour }] }],
    },
    sent: {
      'messages.0.content': [{ type: 'text', text: 'Be brief.', ...breakpoint }],
      'messages.1.content': [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: { mode: 'explicit', ttl: '12h' } }],
    },
    lost: ['L83 messages.0.content.0.cache_control'],
  },
  {
    name: 'the mark of the tools on the instructions behind them',
    way: openai('gpt-5.6'),
    fields: { ...limit, system: 'Be brief.', tools: [{ ...tool, ...mark }] },
    sent: { 'messages.0.content': [{ type: 'text', text: 'Be brief.', ...breakpoint }] },
    lost: ['L83 tools.0.cache_control'],
  },
  {
    name: 'no marks where a model takes none',
    way: openai('gpt-5.5'),
    fields: { ...limit, system: [{ type: 'text', text: 'Be brief.', ...mark }] },
    sent: { 'messages.0.content': 'Be brief.' },
    lost: ['L83 system.0.cache_control'],
  },
];

const CONTENT: readonly SentRow[] = [
  {
    name: 'what is said of a document in front of it',
    way: openai('gpt-5.5'),
    fields: {
      ...limit,
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'document',
              title: 'a.pdf',
              context: 'From Ann.',
              citations: { enabled: true },
              source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0=' },
            },
          ],
        },
      ],
    },
    sent: {
      'messages.0.content': [
        { type: 'text', text: 'From Ann.' },
        { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
      ],
    },
    lost: ['L13 messages.0.content.0'],
  },
  {
    name: 'its own wire’s pictures to nobody who would not see them',
    way: to('deepseek', C),
    fields: {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
          ],
        },
      ],
    },
    sent: { 'messages.0.content': 'What is it?' },
    lost: ['L14 messages.0.content.1'],
  },
  {
    name: 'results before what was said between them',
    way: to('deepseek', C),
    fields: {
      thinking: { type: 'disabled' },
      messages: [
        hi,
        {
          role: 'assistant',
          content: null,
          tool_calls: ['c1', 'c2'].map((id) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } })),
        },
        { role: 'tool', tool_call_id: 'c1', content: 'one' },
        { role: 'user', content: 'wait' },
        { role: 'tool', tool_call_id: 'c2', content: 'two' },
      ],
    },
    sent: {
      'messages.2.tool_call_id': 'c1',
      'messages.3.tool_call_id': 'c2',
      'messages.4': { role: 'user', content: 'wait' },
    },
    lost: ['L33 messages.3'],
  },
  {
    name: 'fields of the wire’s owner to nobody else',
    way: to('moonshot', C),
    fields: { prediction: { type: 'content', content: 'x' }, modalities: ['text', 'audio'], enable_thinking: true },
    sent: { prediction: undefined, modalities: undefined, enable_thinking: true },
    lost: ['L80 prediction', 'L80 modalities'],
  },
];

describeSent('a Chat vendor', { reasoning: REASONING, tools: TOOLS, marks: MARKS, content: CONTENT });
