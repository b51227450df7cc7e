import { parseJson, type JsonObject } from '@bytespike/kernel';

import { toDeepSeek } from '../testing/exchange-options.js';
import { openExchange, type ExchangeOptions } from '../translation/exchange.js';
import { requestFixtures } from '../testing/fixtures.js';

/** What Codex sends with its newest models, and what it reads of an answer (clients, section 2). */
const toClaude: ExchangeOptions = {
  ...toDeepSeek,
  client: 'openai-responses',
  target: 'anthropic-messages',
  vendor: 'anthropic',
  upstreamModel: 'claude-sonnet-4-6',
  stream: false,
};
const toGpt: ExchangeOptions = { ...toClaude, target: 'openai-responses', vendor: 'openai', upstreamModel: 'gpt-6' };

const codex = requestFixtures('openai-responses').find(({ name }) => name === 'tools-brought-by-an-item')?.body ?? {};
const ask = (body: object, options: ExchangeOptions) => openExchange(JSON.stringify(body), options);
const answer = (content: readonly object[]) =>
  JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'x',
    content,
    stop_reason: 'tool_use',
    usage: { input_tokens: 5, output_tokens: 9 },
  });

interface Answer extends JsonObject {
  readonly output: readonly JsonObject[];
}
const received = (body: string): Answer => parseJson(body) as unknown as Answer;

describe('Codex', () => {
  it('offers a model of another vendor the tools that an item brought, and none of them in the conversation', () => {
    const { tools, messages } = parseJson(ask(codex, toClaude).body) as {
      tools: { name: string }[];
      messages: object[];
    };
    expect(tools.map(({ name }) => name)).toEqual(['functions__exec', 'functions__wait', 'clock__now']);
    expect(JSON.stringify(messages)).not.toContain('additional_tools');
  });

  it('receives a free-form call as one, in its namespace', () => {
    const exchange = ask(codex, toClaude);
    const call = { type: 'tool_use', id: 'toolu_1', name: 'functions__exec', input: { input: 'say("✓ 東")' } };
    const [item] = received(exchange.answer(answer([call])).body).output;
    expect(item).toEqual({
      id: 'ctc_msg_1_0',
      type: 'custom_tool_call',
      status: 'completed',
      call_id: 'toolu_1',
      name: 'exec',
      namespace: 'functions',
      input: 'say("✓ 東")',
    });
  });

  it('brings the reasoning of another vendor back to it, and never to its own', () => {
    const thought = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' };
    const call = { type: 'tool_use', id: 'toolu_1', name: 'clock__now', input: {} };
    const { output } = received(ask(codex, toClaude).answer(answer([thought, call])).body);
    const { input } = codex as { input: readonly object[] };
    const next = {
      ...codex,
      input: [...input, ...output, { type: 'function_call_output', call_id: 'toolu_1', output: '1' }],
    };
    expect(ask(next, toClaude).body).toContain('"signature":"c2ln"');
    const own = ask(next, toGpt);
    expect(own.body).not.toContain('gwc1.');
    expect(own.body).not.toContain('c2ln');
    expect(own.losses).toContainEqual({ code: 'L40', path: 'input.7', effect: 'dropped' });
  });

  it('is sent on to its own vendor as it came', () => {
    const { stream: _stream, model: _model, ...rest } = codex as JsonObject;
    expect(parseJson(ask(codex, toGpt).body)).toEqual({ ...rest, model: 'gpt-6' });
  });
});
