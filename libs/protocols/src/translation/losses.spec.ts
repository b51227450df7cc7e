import { LOSSES, refuseLosses, type LossCode } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';

import { between, VENDORS, type TestVendor } from '../testing/pairs.js';
import { openExchange } from './exchange.js';

type Json = Readonly<Record<string, unknown>>;

/** A request of a client that a vendor cannot be told in full: what is lost, and where it stood in the client's body. */
interface Case {
  readonly code: LossCode;
  readonly path: string;
  readonly of: ProtocolName;
  readonly at: ProtocolName | readonly [ProtocolName, TestVendor];
  readonly body: Json;
}

const user = (...content: readonly unknown[]): Json => ({ role: 'user', content });
const hi = { role: 'user', content: 'Hi' };
const messages = (more: Json): Json => ({ model: 'm', max_tokens: 2_048, messages: [hi], ...more });
const chat = (more: Json): Json => ({ model: 'm', messages: [hi], ...more });
const responses = (more: Json): Json => ({ model: 'm', input: 'Hi', ...more });
const gemini = (more: Json): Json => ({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], ...more });

const spoken = { type: 'text', text: 'Be brief.' };
const shownSystem = {
  role: 'system',
  content: [spoken, { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }],
};
const shownField = { parts: [{ text: 'Be brief.' }, { inlineData: { mimeType: 'image/png', data: 'AA==' } }] };
const filmed = [spoken, { type: 'video_url', video_url: { url: 'https://x.example/a.mp4' } }];

const HINTS: readonly Json[] = [
  { defer_loading: true },
  { output_schema: { type: 'object' } },
  { async: true },
  { allowed_callers: ['programmatic'] },
];

const look = { name: 'look', input_schema: { type: 'object' } };
const chatLook = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
const picture = { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' };
const broken = {
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '[1' } }],
};
const shrunk = { type: 'image', source: picture, transformations: { oversized_image: 'downsize' } };
const detailed = {
  type: 'input_file',
  filename: 'a.pdf',
  file_data: 'data:application/pdf;base64,JVBERi0=',
  detail: 'high',
};
const continued: Json = {
  contents: [
    { role: 'user', parts: [{ text: 'Hi' }] },
    { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'look', args: {} } }] },
    {
      role: 'user',
      parts: [
        {
          functionResponse: {
            id: 'c1',
            name: 'look',
            response: { output: 'x' },
            willContinue: true,
            scheduling: 'SILENT',
          },
        },
      ],
    },
  ],
};
const calls = { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'look', input: {} }] };
const results = (more: Json): Json => user({ type: 'tool_result', tool_use_id: 't1', content: 'x', ...more });
const deepseek = ['openai-chat', { vendor: 'deepseek', upstreamModel: 'deepseek-v4-pro' }] as const;
const opus45 = ['anthropic-messages', { vendor: 'anthropic', upstreamModel: 'claude-opus-4-5' }] as const;

const M = 'anthropic-messages' as const;
const R = 'openai-responses' as const;
const C = 'openai-chat' as const;
const G = 'gemini-generate' as const;

const row = (code: LossCode, path: string, of: ProtocolName, at: Case['at'], body: Json): Case => ({
  code,
  path,
  of,
  at,
  body,
});

const CASES: readonly Case[] = [
  row('L03', 'messages.1', M, G, messages({ messages: [hi, { role: 'system', content: 'Be brief.' }, hi] })),
  row('L03', 'messages.1', C, M, chat({ messages: [0, 1].map((n) => ({ role: 'system', content: `Say ${n}.` })) })),
  row('L03', 'instructions', R, G, { model: 'm', instructions: 'Say hello.', input: [] }),
  row('L04', 'messages.1', M, C, messages({ messages: [hi, { role: 'assistant', content: 'I' }] })),
  row('L05', 'messages.0.name', C, M, chat({ messages: [{ ...hi, name: 'ann' }] })),
  row('L05', 'messages.0.name', C, M, chat({ messages: [{ role: 'system', content: 'Be brief.', name: 'ann' }, hi] })),
  row('L05', 'messages.0.name', C, R, chat({ messages: [{ role: 'system', content: 'Be brief.', name: 'ann' }, hi] })),
  row('L05', 'messages.0.name', C, G, chat({ messages: [{ role: 'system', content: 'Be brief.', name: 'ann' }, hi] })),
  row(
    'L10',
    'messages.0.content.0',
    M,
    G,
    messages({ messages: [user({ type: 'image', source: { type: 'url', url: 'https://x.example/a.png' } })] }),
  ),
  row(
    'L11',
    'messages.0.content.0',
    M,
    C,
    messages({ messages: [user({ type: 'image', source: { type: 'file', file_id: 'file_1' } })] }),
  ),
  row(
    'L12',
    'messages.0.content.0.detail',
    C,
    M,
    chat({
      messages: [user({ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' } })],
    }),
  ),
  row(
    'L13',
    'messages.0.content.0',
    M,
    C,
    messages({
      messages: [
        user({
          type: 'search_result',
          source: 'https://x.example',
          title: 'X',
          content: [{ type: 'text', text: 'x' }],
        }),
      ],
    }),
  ),
  row(
    'L14',
    'messages.0.content.0',
    C,
    M,
    chat({ messages: [user({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } })] }),
  ),
  ...([M, G] as const).map((at) => row('L14', 'messages.0.content.1', C, at, chat({ messages: [shownSystem, hi] }))),
  ...[M, R, C].map((at) => row('L14', 'systemInstruction.parts.1', G, at, gemini({ systemInstruction: shownField }))),
  row('L14', 'messages.0.content.1', C, M, chat({ messages: [{ role: 'system', content: filmed }, hi] })),
  row('L14', 'messages.0.content.1', C, deepseek, chat({ messages: [{ role: 'system', content: filmed }, hi] })),
  row(
    'L21',
    'tools.0',
    R,
    M,
    responses({
      tools: [{ type: 'custom', name: 'patch', format: { type: 'grammar', syntax: 'lark', definition: 'start: x' } }],
    }),
  ),
  row('L22', 'tools.0', M, C, messages({ tools: [{ type: 'web_search_20250305', name: 'web_search' }, look] })),
  row('L23', 'tools.0', M, C, messages({ tools: [{ type: 'bash_20250124', name: 'bash' }, look] })),
  row(
    'L24',
    'tool_choice.disable_parallel_tool_use',
    M,
    G,
    messages({ tools: [look], tool_choice: { type: 'auto', disable_parallel_tool_use: true } }),
  ),
  row(
    'L25',
    'tool_choice',
    C,
    ['openai-chat', { vendor: 'moonshot', upstreamModel: 'kimi-k2.6' }],
    chat({ tools: [chatLook], tool_choice: 'required' }),
  ),
  row('L26', 'tools.0', M, C, messages({ tools: [{ ...look, defer_loading: true }] })),
  ...HINTS.map((hint) =>
    row(
      'L26',
      'tools.0',
      R,
      M,
      responses({ tools: [{ type: 'function', name: 'look', parameters: null, strict: false, ...hint }] }),
    ),
  ),
  ...[{ behavior: 'NON_BLOCKING' }, { response: { type: 'OBJECT' } }].map((hint) =>
    row(
      'L26',
      'tools.functionDeclarations.0',
      G,
      M,
      gemini({ tools: [{ functionDeclarations: [{ name: 'look', ...hint }] }] }),
    ),
  ),
  row('L27', 'tools.0.strict', M, deepseek, messages({ tools: [{ ...look, strict: true }] })),
  row(
    'L30',
    'messages.2.content.0',
    M,
    C,
    messages({ tools: [look], messages: [hi, calls, results({ content: [{ type: 'image', source: picture }] })] }),
  ),
  row('L31', 'messages.1.content.0', M, C, messages({ tools: [look], messages: [hi, calls, hi] })),
  row(
    'L32',
    'messages.2.content.0.is_error',
    M,
    C,
    messages({ tools: [look], messages: [hi, calls, results({ is_error: true })] }),
  ),
  row(
    'L33',
    'messages.3',
    C,
    M,
    chat({
      messages: [
        hi,
        {
          role: 'assistant',
          content: null,
          tool_calls: ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } })),
        },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
        hi,
        { role: 'tool', tool_call_id: 'b', content: 'x' },
      ],
    }),
  ),
  row(
    'L40',
    'messages.1.content.0',
    M,
    C,
    messages({
      messages: [
        hi,
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 'c2ln'.repeat(30) },
            { type: 'text', text: 'x' },
          ],
        },
        hi,
      ],
    }),
  ),
  row('L41', 'messages.1', M, G, messages({ tools: [look], messages: [hi, calls, results({})] })),
  row(
    'L42',
    'thinking.type',
    C,
    opus45,
    chat({
      reasoning_effort: 'high',
      tools: [chatLook],
      messages: [
        hi,
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
      ],
    }),
  ),
  row('L43', 'thinking.budget_tokens', M, C, messages({ thinking: { type: 'enabled', budget_tokens: 1_500 } })),
  row('L50', 'response_format', C, M, chat({ response_format: { type: 'json_object' } })),
  row(
    'L51',
    'tools.0.input_schema',
    M,
    G,
    messages({
      tools: [{ ...look, input_schema: { type: 'object', properties: { a: { type: 'string', pattern: '^x' } } } }],
    }),
  ),
  row('L60', 'top_k', M, C, messages({ top_k: 5 })),
  row('L61', 'stop_sequences', M, R, messages({ stop_sequences: ['END'] })),
  row('L62', 'n', C, M, chat({ n: 2 })),
  row('L63', 'logit_bias', C, M, chat({ logit_bias: { 1: 2 } })),
  row('L64', 'max_tokens', M, C, messages({ max_tokens: 0 })),
  row('L65', 'max_completion_tokens', C, M, chat({})),
  row(
    'L70',
    'tools.0.allowed_domains',
    M,
    G,
    messages({ tools: [{ type: 'web_search_20250305', name: 'web_search', allowed_domains: ['x.example'] }] }),
  ),
  row(
    'L71',
    'messages.1.content.0',
    M,
    C,
    messages({
      messages: [
        hi,
        {
          role: 'assistant',
          content: [
            { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} },
            { type: 'text', text: 'x' },
          ],
        },
        hi,
      ],
    }),
  ),
  row('L80', 'container', M, C, messages({ container: 'c' })),
  row(
    'L81',
    'safetySettings',
    G,
    C,
    gemini({ safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_LOW_AND_ABOVE' }] }),
  ),
  row('L82', 'verbosity', C, M, chat({ verbosity: 'low' })),
  row('L82', 'user', C, G, chat({ user: 'u' })),
  row('L82', 'safety_identifier', C, G, chat({ safety_identifier: 's', user: 'u' })),
  row('L82', 'user', R, G, responses({ user: 'u' })),
  row('L14', 'messages.0.content.0', M, G, messages({ messages: [user({ type: 'container_upload', file_id: 'f' })] })),
  row('L14', 'contents.0.parts.0', G, M, { contents: [{ role: 'user', parts: [{ hologram: {} }, { text: 'Hi' }] }] }),
  row(
    'L83',
    'messages.0.content.0.cache_control',
    M,
    deepseek,
    messages({ messages: [user({ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } })] }),
  ),
  row('L12', 'messages.0.content.0.transformations', M, C, messages({ messages: [user(shrunk)] })),
  row('L12', 'messages.0.content.0.transformations', M, R, messages({ messages: [user(shrunk)] })),
  row('L12', 'messages.0.content.0.transformations', M, G, messages({ messages: [user(shrunk)] })),
  row('L12', 'input.0.content.0.detail', R, M, { model: 'm', input: [user(detailed)] }),
  row('L12', 'input.0.content.0.detail', R, C, { model: 'm', input: [user(detailed)] }),
  ...[M, R, C].map((at) => row('L87', 'contents.2.parts.0.functionResponse.scheduling', G, at, continued)),
  ...[M, R, C].map((at) => row('L87', 'contents.2.parts.0.functionResponse.willContinue', G, at, continued)),
  row('L24', 'functions', C, G, chat({ functions: [{ name: 'look', parameters: { type: 'object' } }] })),
  ...([M, G] as const).map((at) =>
    row(
      'L87',
      'messages.1.tool_calls.0.function.arguments',
      C,
      at,
      chat({ tools: [chatLook], messages: [hi, broken, { role: 'tool', tool_call_id: 'c1', content: 'x' }] }),
    ),
  ),
  row('L84', 'context_management', M, C, messages({ context_management: { edits: [] } })),
  row('L85', 'anthropic-beta', M, C, messages({})),
  row(
    'L86',
    'system.0',
    M,
    C,
    messages({
      system: [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=1' },
        { type: 'text', text: 'x' },
      ],
    }),
  ),
  row('L87', 'brand_new', M, C, messages({ brand_new: 1 })),
  row('L87', 'output_config', M, C, messages({ output_config: { effort: 'utmost' } })),
  row('L87', 'service_tier', M, C, messages({ service_tier: 'golden' })),
  row('L87', 'reasoning_effort', C, M, chat({ reasoning_effort: 'utmost' })),
  row('L87', 'thinking', C, M, chat({ thinking: { type: 'perhaps' } })),
  row('L87', 'service_tier', C, M, chat({ service_tier: 'golden' })),
  row('L87', 'service_tier', R, M, responses({ service_tier: 'golden' })),
  row(
    'L87',
    'generationConfig.thinkingConfig.thinkingLevel',
    G,
    M,
    gemini({ generationConfig: { thinkingConfig: { thinkingLevel: 'UTMOST' } } }),
  ),
];

/** What a client may write without asking for anything: nobody has to be able to carry it. */
const SAYS_NOTHING: readonly (readonly [ProtocolName, ProtocolName, Json])[] = [
  [
    C,
    M,
    chat({ max_completion_tokens: 9, audio: null, prediction: null, moderation: null, prompt_cache_options: null }),
  ],
  [C, M, chat({ max_completion_tokens: 9, modalities: null, metadata: {}, logit_bias: {}, store: false })],
  [C, G, chat({ modalities: ['text'], n: 1, logprobs: false, audio: null })],
  [C, M, chat({ max_completion_tokens: 9, frequency_penalty: 0, presence_penalty: 0 })],
  [R, M, responses({ max_output_tokens: 9, background: false, metadata: {}, conversation: null, prompt: null })],
  [R, G, responses({ background: false, moderation: null })],
  [M, R, messages({ container: null, mcp_servers: null, thread: null, fallbacks: null, context_management: null })],
  [M, C, messages({ diagnostics: null, inference_geo: null })],
  [G, R, gemini({ generationConfig: { presencePenalty: 0, frequencyPenalty: 0, responseModalities: ['TEXT'] } })],
];

/** Codes that no request can lose: an answer does. */
const OF_ANSWERS: readonly string[] = ['L66'];

const lossesOf = ({ of, at, body }: Case) => {
  const [target, vendor] = typeof at === 'string' ? [at, VENDORS[at][0]] : at;
  const options = { ...between({ client: of, target }, vendor), stream: false, headers: { 'anthropic-beta': 'x' } };
  return openExchange(JSON.stringify(body), options).losses;
};

describe('the register of losses', () => {
  it.each(CASES)('$code: $of at $at loses $path', (lost) => {
    expect(lossesOf(lost).map(({ code, path }) => `${code} ${path}`)).toContain(`${lost.code} ${lost.path}`);
  });

  it('is reached in full', () => {
    const reached = new Set<string>([...CASES.map(({ code }) => code), ...OF_ANSWERS]);
    expect(Object.keys(LOSSES).filter((code) => !reached.has(code))).toEqual([]);
  });

  it.each(SAYS_NOTHING)('%s at %s loses nothing where nothing was asked for: %j', (of, at, body) => {
    const told = lossesOf({ code: 'L87', path: '', of, at, body }).filter(({ code }) => code !== 'L85');
    expect(told).toEqual([]);
  });

  it.each(CASES)('$code is refused, permitted or noted as its row says', (lost) => {
    const own = lossesOf(lost).filter(({ code }) => code === lost.code);
    const { action } = LOSSES[lost.code];
    const outcome = (policy: 'warn' | 'strict', allow: readonly string[]): string => {
      try {
        refuseLosses(own, { policy, allow }, 'm at v');
        return 'done';
      } catch (thrown) {
        return String(thrown);
      }
    };
    const refusal = expect.stringMatching(
      new RegExp(`${own[0]?.path}: .* by m at v .*"x-gateway-allow: ${lost.code}"`),
    ) as string;
    expect(outcome('warn', [])).toEqual(action === 'reject' ? refusal : 'done');
    expect(outcome('strict', [])).toEqual(action === 'note' ? 'done' : refusal);
    expect(outcome('strict', [lost.code])).toBe('done');
  });
});
