import { A, C, route } from '../testing/case.js';
import { describeSent, hi, type SentRow } from '../testing/sent-rows.js';
import { openExchange, type ExchangeOptions } from '../translation/exchange.js';

const at = (upstreamModel: string, client: ExchangeOptions['client'] = C): ExchangeOptions => ({
  ...route(client, A),
  upstreamModel,
});
const LONG = 'Eq'.repeat(60);
const limit = { max_completion_tokens: 20_000 };

const call = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {} });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'seen' });
const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } };

const blankBesideCall = {
  role: 'assistant',
  content: '\n\n',
  tool_calls: [{ id: 't1', type: 'function', function: { name: 'look', arguments: '{}' } }],
};

const HISTORY: readonly SentRow[] = [
  {
    name: 'no text where there were nothing but blanks, which is refused',
    way: at('claude-opus-4-8'),
    fields: {
      ...limit,
      messages: [
        hi,
        blankBesideCall,
        { role: 'tool', tool_call_id: 't1', content: 'seen' },
        { role: 'assistant', content: ' ' },
        { role: 'user', content: '\t' },
        hi,
      ],
    },
    sent: {
      'messages.1.content': [call('t1')],
      'messages.2.content': [result('t1')],
      'messages.3': hi,
    },
    lost: [],
  },
  {
    name: 'blanks that stand between words',
    way: at('claude-opus-4-8'),
    fields: {
      ...limit,
      messages: [{ role: 'user', content: ['a', ' ', 'b'].map((text) => ({ type: 'text', text })) }],
    },
    sent: { 'messages.0.content': ['a', ' ', 'b'].map((text) => ({ type: 'text', text })) },
    lost: [],
  },
  {
    name: 'later instructions in a role of their own',
    way: at('claude-opus-4-8'),
    fields: { ...limit, messages: [hi, { role: 'developer', content: 'Be brief.' }] },
    sent: { 'messages.1': { role: 'system', content: 'Be brief.' } },
    lost: [],
  },
  {
    name: 'later instructions inside a user turn, where a model has no role for them',
    way: at('claude-sonnet-4-5'),
    fields: { ...limit, messages: [hi, { role: 'developer', content: 'Be brief.' }] },
    sent: {
      'messages.1': { role: 'user', content: [{ type: 'text', text: '<system>\nBe brief.\n</system>' }] },
    },
    lost: ['L03 messages.1'],
  },
  {
    name: 'results before what was said between them',
    way: at('claude-opus-4-8', A),
    fields: {
      max_tokens: 9,
      messages: [
        hi,
        { role: 'assistant', content: [call('t1'), call('t2')] },
        { role: 'user', content: [result('t1'), { type: 'text', text: 'wait' }, result('t2')] },
      ],
    },
    sent: {
      'messages.2': { role: 'user', content: [result('t1'), result('t2')] },
      'messages.3': { role: 'user', content: [{ type: 'text', text: 'wait' }] },
    },
    lost: ['L33 messages.2'],
  },
  {
    name: 'no more than four cache marks, without the oldest',
    way: at('claude-opus-4-8', A),
    fields: {
      max_tokens: 9,
      system: [marked],
      messages: [{ role: 'user', content: [marked, marked, marked, marked] }],
    },
    sent: { 'system.0': { type: 'text', text: 'x' }, 'messages.0.content': [marked, marked, marked, marked] },
    lost: ['L83 system.0.cache_control'],
  },
  {
    name: 'no text that is empty',
    way: at('claude-opus-4-8', A),
    fields: {
      max_tokens: 9,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: '' },
            { type: 'text', text: 'x' },
          ],
        },
      ],
    },
    sent: { 'messages.0.content': [{ type: 'text', text: 'x' }] },
    lost: [],
  },
  {
    name: 'citations without the file an answer names and a request may not',
    way: at('claude-opus-4-8', A),
    fields: {
      max_tokens: 9,
      messages: [
        hi,
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'So.', citations: [{ type: 'page_location', file_id: 'file_1', cited_text: 'S' }] },
          ],
        },
        hi,
      ],
    },
    sent: { 'messages.1.content.0.citations': [{ type: 'page_location', cited_text: 'S' }] },
    lost: [],
  },
  {
    name: 'nothing another vendor has found',
    way: at('claude-opus-4-8', A),
    fields: {
      max_tokens: 9,
      messages: [
        hi,
        {
          role: 'assistant',
          content: [
            { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'x' } },
            {
              type: 'web_search_tool_result',
              tool_use_id: 'srvtoolu_1',
              content: [{ type: 'web_search_result', url: 'https://a.test', encrypted_content: 'gwc1.search' }],
            },
            {
              type: 'text',
              text: 'So.',
              citations: [
                { type: 'web_search_result_location', url: 'https://a.test', encrypted_index: 'gwc1.search' },
              ],
            },
          ],
        },
        hi,
      ],
    },
    sent: { 'messages.1.content': [{ type: 'text', text: 'So.' }] },
    lost: ['L71 messages.1.content.0', 'L71 messages.1.content.1'],
  },
];

const thought = (signature: string) => ({
  max_tokens: 9,
  messages: [
    hi,
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature },
        { type: 'text', text: 'So.' },
      ],
    },
    hi,
  ],
});
const block = (signature: string) => ({ type: 'thinking', thinking: 'Hm.', signature });

const LOOK_ALIKES: readonly SentRow[] = [
  {
    name: 'no placeholder to those who sign',
    way: route(A, A),
    fields: thought('0f3a'.repeat(8)),
    sent: { 'messages.1.content': [{ type: 'text', text: 'So.' }] },
    lost: ['L40 messages.1.content.0'],
  },
  {
    name: 'its own placeholder to a vendor that signs nothing',
    way: route(A, A, 'deepseek'),
    fields: thought('0f3a'.repeat(8)),
    sent: { 'messages.1.content.0': block('0f3a'.repeat(8)) },
    lost: [],
  },
  {
    name: 'no signature of another to a vendor that signs nothing',
    way: route(A, A, 'deepseek'),
    fields: thought(LONG),
    sent: { 'messages.1.content': [{ type: 'text', text: 'So.' }] },
    lost: ['L40 messages.1.content.0'],
  },
  {
    name: 'unsigned thinking to a vendor that leaves its own unsigned',
    way: route(A, A, 'moonshot'),
    fields: thought(''),
    sent: { 'messages.1.content.0': block('') },
    lost: [],
  },
  {
    name: 'empty thinking before a call, to a vendor that insists on some',
    way: route(A, A, 'deepseek'),
    fields: {
      max_tokens: 9,
      messages: [hi, { role: 'assistant', content: [call('t1')] }, { role: 'user', content: [result('t1')] }],
    },
    sent: { 'messages.1.content': [{ type: 'thinking', thinking: '', signature: '' }, call('t1')] },
    lost: [],
  },
  {
    name: 'no schema to a vendor that would ignore it',
    way: route(A, A, 'deepseek'),
    fields: { max_tokens: 9, output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    sent: { output_config: undefined },
    lost: ['L50 output_config.format'],
  },
  {
    name: 'no schema either where the client asks for it by its beta name',
    way: route(A, A, 'deepseek'),
    fields: { max_tokens: 9, output_format: { type: 'json_schema', schema: { type: 'object' } } },
    sent: { output_format: undefined },
    lost: ['L50 output_config.format'],
  },
  {
    name: 'no stop sequences to a vendor that would ignore them',
    way: route(A, A, 'minimax'),
    fields: { max_tokens: 9, stop_sequences: ['END'] },
    sent: { stop_sequences: undefined },
    lost: ['L61 stop_sequences'],
  },
  {
    name: 'no switch to a model that always thinks',
    way: route(A, A, 'minimax'),
    fields: { max_tokens: 9, thinking: { type: 'disabled' } },
    sent: { thinking: undefined },
    lost: ['L43 thinking.type'],
  },
];

describeSent('a Messages vendor', { history: HISTORY, 'look-alikes': LOOK_ALIKES });

it('never asks a look-alike for a model of the owner, which it would serve by one of its own', () => {
  const way = { ...route(A, A, 'deepseek'), upstreamModel: 'claude-opus-4-8' };
  expect(() => openExchange(JSON.stringify({ model: 'm', max_tokens: 9, messages: [hi] }), way)).toThrow(
    'deepseek would serve claude-opus-4-8 by a model of its own',
  );
});
