import { A, C, G, R, route } from '../testing/case.js';
import { describeSent, type SentRow } from '../testing/sent-rows.js';

const limit = { max_completion_tokens: 2_000 };
const search = { type: 'web_search_20250305', name: 'web_search' };
const filters = { allowed_domains: ['x.example'] };

/** What the model pages add to this wire (contract 4.2), whoever serves it. */
const SEARCHES: readonly SentRow[] = [
  {
    name: 'a search asked for among the tools',
    way: route(C, A),
    fields: { ...limit, tools: [{ type: 'web_search', filters }] },
    sent: { tools: [{ ...search, allowed_domains: ['x.example'] }] },
    lost: [],
  },
  {
    name: 'a search asked for beside them',
    way: route(C, A),
    fields: { ...limit, web_search: { user_location: { approximate: { city: 'Oslo' } } } },
    sent: { tools: [{ ...search, user_location: { type: 'approximate', city: 'Oslo' } }], web_search: undefined },
    lost: [],
  },
  {
    name: 'grounding as the search it is',
    way: route(C, G),
    fields: { grounding: {} },
    sent: { tools: [{ googleSearch: {} }] },
    lost: [],
  },
  { name: 'a search that is declined', way: route(C, A), fields: { ...limit, web_search: false }, sent: {}, lost: [] },
  {
    name: 'its own search where it declares one so, and no other',
    way: route(C, C, 'zhipu'),
    fields: { tools: [{ type: 'web_search', web_search: { enable: 'True' } }] },
    sent: { tools: [{ type: 'web_search', web_search: { enable: 'True' } }], web_search_options: undefined },
    lost: [],
  },
  {
    name: 'no search where nobody makes one',
    way: route(C, C, 'deepseek'),
    fields: { web_search: {} },
    sent: { web_search: undefined, web_search_options: undefined },
    lost: ['L22 web_search'],
  },
  {
    name: 'no search beyond the domains it is bound to',
    way: route(C, G),
    fields: { tools: [{ type: 'web_search', filters }] },
    sent: {},
    lost: ['L70 tools.0.filters.allowed_domains'],
  },
];

const REASONING: readonly SentRow[] = [
  {
    name: 'that it is on',
    way: route(C, C, 'deepseek'),
    fields: { reasoning: { enabled: true } },
    sent: { thinking: { type: 'enabled' }, reasoning: undefined },
    lost: [],
  },
  {
    name: 'that it is off',
    way: route(C, C, 'deepseek'),
    fields: { reasoning: { enabled: false } },
    sent: { thinking: { type: 'disabled' }, reasoning: undefined },
    lost: [],
  },
  {
    name: 'how much of it is asked for',
    way: route(C, R),
    fields: { reasoning: { effort: 'low' } },
    sent: { 'reasoning.effort': 'low' },
    lost: [],
  },
  {
    name: 'nothing of what nobody knows of it',
    way: route(C, R),
    fields: { reasoning: { effort: 'low', exclude: true } },
    sent: { 'reasoning.effort': 'low' },
    lost: ['L87 reasoning'],
  },
];

describeSent('a vendor', { 'the search of a Chat client': SEARCHES, 'its reasoning': REASONING });
