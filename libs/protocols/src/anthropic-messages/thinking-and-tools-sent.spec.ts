import { A, C, route } from '../testing/case.js';
import { describeSent, type SentRow } from '../testing/sent-rows.js';
import type { ExchangeOptions } from '../translation/exchange.js';

const at = (upstreamModel: string, client: ExchangeOptions['client'] = C): ExchangeOptions => ({
  ...route(client, A),
  upstreamModel,
});
const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
const limit = { max_completion_tokens: 20_000 };

const THINKING: readonly SentRow[] = [
  {
    name: 'an effort, of a model that decides how long it thinks',
    way: at('claude-opus-4-8'),
    fields: { ...limit, reasoning_effort: 'xhigh', temperature: 0.5 },
    sent: { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' }, temperature: undefined },
    lost: ['L60 temperature'],
  },
  {
    name: 'an effort one generation does not know, lowered and never raised',
    way: at('claude-sonnet-4-6'),
    fields: { ...limit, reasoning_effort: 'xhigh' },
    sent: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    lost: ['L43 reasoning_effort'],
  },
  {
    name: 'an effort, of a model that takes budgets alone',
    way: at('claude-haiku-4-5-20251001'),
    fields: { ...limit, reasoning_effort: 'high' },
    sent: { thinking: { type: 'enabled', budget_tokens: 16_000 }, output_config: undefined },
    lost: ['L43 reasoning_effort'],
  },
  {
    name: 'a budget below the limit of the answer',
    way: at('claude-haiku-4-5'),
    fields: { max_completion_tokens: 2_000, reasoning_effort: 'medium' },
    sent: { thinking: { type: 'enabled', budget_tokens: 1_999 } },
    lost: ['L43 reasoning_effort'],
  },
  {
    name: 'no thinking, where the limit leaves no room for it',
    way: at('claude-haiku-4-5'),
    fields: { max_completion_tokens: 500, reasoning_effort: 'low' },
    sent: { thinking: undefined, max_tokens: 500 },
    lost: ['L43 thinking.type'],
  },
  {
    name: 'no thinking',
    way: at('claude-opus-4-8'),
    fields: { ...limit, reasoning_effort: 'none' },
    sent: { thinking: { type: 'disabled' }, output_config: undefined },
    lost: [],
  },
  {
    name: 'a budget, as an effort where budgets are refused',
    way: at('claude-opus-4-8', A),
    fields: { max_tokens: 20_000, thinking: { type: 'enabled', budget_tokens: 9_000 } },
    sent: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    lost: ['L43 thinking.budget_tokens'],
  },
  {
    name: 'an effort of its own client, without switching on what the client left alone',
    way: at('claude-opus-4-8', A),
    fields: { max_tokens: 20_000, output_config: { effort: 'max' } },
    sent: { thinking: undefined, output_config: { effort: 'max' } },
    lost: [],
  },
  {
    name: 'the highest effort that goes without thinking',
    way: at('claude-opus-5', A),
    fields: { max_tokens: 20_000, thinking: { type: 'disabled' }, output_config: { effort: 'max' } },
    sent: { thinking: { type: 'disabled' }, output_config: { effort: 'high' } },
    lost: ['L43 output_config.effort'],
  },
];

const TOOLS: readonly SentRow[] = [
  {
    name: 'a forced tool, where nothing is thought',
    way: at('claude-opus-4-8'),
    fields: { ...limit, tools: [tool], tool_choice: { type: 'function', function: { name: 'look' } } },
    sent: { tool_choice: { type: 'tool', name: 'look' } },
    lost: [],
  },
  {
    name: 'no forced tool to a thinking model',
    way: at('claude-opus-4-8'),
    fields: { ...limit, tools: [tool], tool_choice: 'required', reasoning_effort: 'low' },
    sent: { tool_choice: { type: 'auto' } },
    lost: ['L25 tool_choice'],
  },
  {
    name: 'no forced tool to a model that is never forced',
    way: at('claude-fable-5'),
    fields: { ...limit, tools: [tool], tool_choice: 'required' },
    sent: { tool_choice: { type: 'auto' } },
    lost: ['L25 tool_choice'],
  },
  {
    name: 'no choice where there are no tools',
    way: at('claude-opus-4-8'),
    fields: { ...limit, tool_choice: 'auto', parallel_tool_calls: false },
    sent: { tool_choice: undefined, tools: undefined },
    lost: [],
  },
  {
    name: 'the allowed tools and no others',
    way: at('claude-opus-4-8'),
    fields: {
      ...limit,
      tools: [tool, { ...tool, function: { name: 'wait' } }],
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'wait' } }] },
      },
    },
    sent: { tool_choice: { type: 'any' }, tools: [{ name: 'wait', input_schema: { type: 'object', properties: {} } }] },
    lost: ['L26 tool_choice'],
  },
  {
    name: 'a search as its own, with the place it is asked from',
    way: at('claude-opus-4-8'),
    fields: {
      ...limit,
      web_search_options: {
        search_context_size: 'low',
        user_location: { type: 'approximate', approximate: { city: 'Oslo' } },
      },
    },
    sent: {
      tools: [
        {
          type: 'web_search_20250305',
          name: 'web_search',
          user_location: { type: 'approximate', city: 'Oslo' },
        },
      ],
    },
    lost: ['L26 web_search_options.search_context_size'],
  },
];

const SAMPLING: readonly SentRow[] = [
  {
    name: 'one of two settings that a model refuses together',
    way: at('claude-haiku-4-5'),
    fields: { ...limit, temperature: 0.5, top_p: 0.9 },
    sent: { temperature: 0.5, top_p: undefined },
    lost: ['L60 top_p'],
  },
  {
    name: 'the one of two settings that says something',
    way: at('claude-sonnet-4-6'),
    fields: { ...limit, temperature: 1, top_p: 0.95 },
    sent: { temperature: undefined, top_p: 0.95 },
    lost: [],
  },
  {
    name: 'either setting alone',
    way: at('claude-opus-4-5'),
    fields: { ...limit, top_p: 0.9 },
    sent: { temperature: undefined, top_p: 0.9 },
    lost: [],
  },
  {
    name: 'both settings, where a model takes them',
    way: at('claude-3-7-sonnet-20250219'),
    fields: { ...limit, temperature: 0.5, top_p: 0.9 },
    sent: { temperature: 0.5, top_p: 0.9 },
    lost: [],
  },
];

describeSent('a Messages vendor', { thinking: THINKING, tools: TOOLS, sampling: SAMPLING });
