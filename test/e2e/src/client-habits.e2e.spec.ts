import {
  chatClients,
  claudeCode,
  claudeCodePrompt,
  codexWithAdditionalTools,
  codexWithTools,
  geminiCli,
} from './client-requests.js';
import { converse } from './converse.js';
import { callGateway, gateway, platform } from './platform.js';
import { readChatStream, readGeminiStream, readMessagesStream, readResponsesStream } from './stream-grammar.js';
import { OWNERS, PAIRS, wireModel } from './wire-models.js';

const bearer = { authorization: `Bearer ${platform.keys.extended}` };
const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  callGateway(path, {
    method: 'POST',
    key: platform.keys.extended,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

/** Models behind every protocol but the client's own. */
const beyond = (client: string) =>
  PAIRS.filter((pair) => pair.client === client && pair.vendor !== client).map(({ vendor }) => ({
    vendor,
    model: OWNERS[vendor].id,
  }));

describe.each(beyond('openai-responses'))('Codex on $vendor', ({ model }) => {
  const ask = (prompt: string, history: readonly object[] = []) =>
    converse(codexWithAdditionalTools(model, prompt, history), bearer).then(readResponsesStream);
  const textOf = (output: readonly Readonly<Record<string, unknown>>[]): string => {
    const message = output.find(({ type }) => type === 'message') as { content: readonly { text: string }[] };
    return message.content.map(({ text }) => text).join('');
  };

  it('has its free-form tool in a namespace called by its own name, and goes on with what it printed', async () => {
    // Whatever the vendor knows the tool as is our own affair.
    const names = textOf(await ask('tools')).split(', ');
    const exec = names.find((name) => name.includes('exec'));
    expect(names).toHaveLength(2);
    const prompt = `call ${exec} {"input":"text(await tools.ls())"}`;
    const output = await ask(prompt);
    const call = output.find(({ type }) => type === 'custom_tool_call');
    expect(call).toMatchObject({ name: 'exec', namespace: 'functions', input: 'text(await tools.ls())' });
    const result = {
      ...{ type: 'custom_tool_call_output', call_id: call?.['call_id'] },
      output: [{ type: 'input_text', text: 'README.md' }],
    };
    expect(textOf(await ask(prompt, [...output, result]))).toContain('README.md');
  });

  it('may send tools that exist nowhere else, a free-form grammar and metadata of its own', async () => {
    const asking = codexWithTools(model, 'call exec_command {"cmd":"ls"}');
    const output = readResponsesStream(await converse(asking, bearer));
    expect(output.find(({ type }) => type === 'function_call')).toMatchObject({ name: 'exec_command' });
  });

  it('has its system prompt, a developer item, reach the model', async () => {
    expect(textOf(await ask('system'))).toContain('You are a coding agent.');
  });
});

describe.each(beyond('anthropic-messages'))('Claude Code on $vendor', ({ model }) => {
  const ask = (messages: readonly object[]) =>
    converse(claudeCode(model, messages), { 'x-api-key': platform.keys.extended }).then(readMessagesStream);

  it('sends a system turn after its prompt, and the model has read both', async () => {
    const { blocks } = await ask(claudeCodePrompt('recall\nsystem'));
    const said = blocks.map(({ text }) => text ?? '').join('');
    expect(said).toContain('Working directory: /home/dev/project');
    expect(said).toContain('You are an agent.');
  });

  it('finds a deferred tool, says so with a reference, and calls it', async () => {
    const prompt = claudeCodePrompt('call ToolSearch {"query":"bash"}\nthen\ncall Bash {"command":"ls"}');
    const asked = await ask(prompt);
    const call = asked.blocks.find(({ type }) => type === 'tool_use');
    expect([asked.stopReason, call?.name]).toEqual(['tool_use', 'ToolSearch']);
    const found = [{ type: 'tool_reference', tool_name: 'Bash' }];
    const { blocks } = await ask([
      ...prompt,
      { role: 'assistant', content: asked.blocks },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id, content: found }] },
    ]);
    expect(blocks.find(({ type }) => type === 'tool_use')).toMatchObject({ name: 'Bash', input: { command: 'ls' } });
  });

  it('counts its tokens, thirty-four times at once', async () => {
    const { body, headers } = claudeCode(model, claudeCodePrompt('hello'));
    const { max_tokens: _max, stream: _stream, metadata: _metadata, ...prompt } = body as Record<string, unknown>;
    const counts = await Promise.all(
      Array.from({ length: 34 }, () => post('/v1/messages/count_tokens?beta=true', prompt, { ...headers })),
    );
    expect(new Set(counts.map(({ status }) => status))).toEqual(new Set([200]));
    const { input_tokens } = (await counts[0]!.json()) as { input_tokens: number };
    expect(input_tokens).toBeGreaterThan(10);
  });

  it('gets a whole answer when it gives up on streams', async () => {
    const { body, headers } = claudeCode(model, claudeCodePrompt('say: fine'));
    const response = await post('/v1/messages?beta=true', { ...body, stream: false }, { ...headers });
    const { content } = (await response.json()) as { content: readonly { text?: string }[] };
    expect(content.find(({ text }) => text !== undefined)?.text).toBe('fine');
  });

  it('is told nothing of what only its own vendor offers but in warnings', async () => {
    const { body, headers } = claudeCode(model, claudeCodePrompt('say: fine'));
    const response = await post('/v1/messages?beta=true', body, { ...headers });
    const warnings = response.headers.get('x-gateway-warnings') ?? '';
    await response.text();
    expect(warnings).toMatch(/L84;path="context_management"/);
    expect(warnings).toMatch(/L85;path="anthropic-beta"/);
  });
});

describe('a client in a browser', () => {
  const origin = 'https://chat.example';

  it('is let through to an answer that it may read', async () => {
    const asked = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await fetch(`${gateway}/v1/chat/completions`, { method: 'OPTIONS', headers: asked });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const body = { model: 'gpt-5-4', messages: [{ role: 'user', content: 'say: fine' }] };
    const answer = await post('/v1/chat/completions', body, { origin });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(answer.headers.get('access-control-expose-headers')).toBe('*');
  });
});

describe.each(['e2e-responses', 'e2e-gemini'])("Claude Code's web search on %s", (model) => {
  it('is a call of its own that must search, and comes back with sources', async () => {
    const response = await post('/v1/messages?beta=true', {
      ...{ model, max_tokens: 4_096, stream: false, thinking: { type: 'disabled' } },
      tools: [{ type: 'web_search_20250305', name: 'web_search', max_uses: 8 }],
      tool_choice: { type: 'tool', name: 'web_search' },
      messages: [{ role: 'user', content: 'search: tides' }],
    });
    const { content } = (await response.json()) as { content: readonly { type: string; content?: unknown }[] };
    expect(content.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['server_tool_use', 'web_search_tool_result', 'text']),
    );
  });
});

describe.each(beyond('gemini-generate'))('Gemini CLI on $vendor', ({ model }) => {
  it.each([{ thinkingBudget: 8_192 }, { thinkingLevel: 'HIGH' }, {}])(
    'has its tool called, thinking %j',
    async (thinking) => {
      const asking = geminiCli(model, 'call run_shell_command {"command":"ls"}', thinking);
      const parts = readGeminiStream(await converse(asking, { 'x-goog-api-key': platform.keys.extended }));
      expect(parts.flatMap(({ functionCall }) => functionCall ?? [])).toEqual([
        expect.objectContaining({ name: 'run_shell_command', args: { command: 'ls' } }),
      ]);
    },
  );

  it('has its classifier answered as JSON, though it writes its types in capitals', async () => {
    const response = await post(`/v1beta/models/${model}:generateContent`, {
      contents: [{ role: 'user', parts: [{ text: 'answer in json\nsay: {"choice":"flash"}' }] }],
      generationConfig: {
        responseMimeType: 'application/json',
        responseJsonSchema: {
          ...{ type: 'OBJECT', properties: { choice: { type: 'STRING' } }, required: ['choice'] },
        },
      },
    });
    const { candidates } = (await response.json()) as {
      candidates: { content: { parts: { text: string; thought?: boolean }[] } }[];
    };
    const text = candidates[0]!.content.parts.find(({ thought }) => !thought)!.text;
    expect(JSON.parse(text)).toEqual({ choice: 'flash' });
  });

  it('may answer two calls in two contents without ids, as LangChain does', async () => {
    const { path, body } = geminiCli(model, 'hello', {});
    const { contents, ...rest } = body as { contents: readonly object[] };
    const call = (command: string) => ({ functionCall: { name: 'run_shell_command', args: { command } } });
    const result = (output: string) => ({
      ...{ role: 'user', parts: [{ functionResponse: { name: 'run_shell_command', response: { output } } }] },
    });
    const history = [
      ...contents,
      { role: 'model', parts: [call('ls'), call('pwd')] },
      ...[result('README.md'), result('/home')],
    ];
    const parts = readGeminiStream(
      await converse(
        { name: 'LangChain', path, headers: {}, body: { ...rest, contents: history } },
        { 'x-goog-api-key': platform.keys.extended },
      ),
    );
    const said = parts.map(({ text }) => String(text ?? '')).join('');
    expect(said).toContain('README.md');
    expect(said).toContain('/home');
  });
});

describe.each(beyond('openai-chat'))('Chat agents on $vendor', ({ model }) => {
  it.each(chatClients(model, 'say: hello'))('$name is answered in its grammar', async (asking) => {
    const { text, finish, usage, usageChunks } = readChatStream(await converse(asking, bearer));
    expect([text, finish]).toEqual(['hello', 'stop']);
    if ('stream_options' in asking.body) expect(usage).toMatchObject({ prompt_tokens: expect.any(Number) });
    else expect(usageChunks).toBe(0);
  });

  it('have their tool called', async () => {
    const [asking] = chatClients(model, 'call read_file {"path":"README.md"}');
    const { calls, finish } = readChatStream(await converse(asking!, bearer));
    expect(finish).toBe('tool_calls');
    expect(calls.map(({ name, arguments: written }) => [name, JSON.parse(written)])).toEqual([
      ['read_file', { path: 'README.md' }],
    ]);
  });
});

interface ChatCall {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}

interface ChatAnswer {
  readonly choices: readonly {
    readonly message: { readonly content: string | null; readonly tool_calls?: readonly ChatCall[] };
  }[];
}

/** Every wire whose vendor wants its reasoning back. */
const REMEMBERING = [
  'e2e-messages',
  'e2e-responses',
  'e2e-gemini',
  'e2e-deepseek-chat',
  'e2e-deepseek-messages',
  'e2e-deepseek-responses',
].map(wireModel);

describe.each(REMEMBERING)('a Chat client that drops what it does not know, on $id', ({ id: model }) => {
  const tools = [
    {
      type: 'function',
      function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'number' } } } },
    },
  ];
  const ask = async (messages: readonly object[]) => {
    const response = await post('/v1/chat/completions', { model, messages, tools, reasoning_effort: 'medium' });
    const raw = await response.text();
    expect({ status: response.status, ...(response.ok ? {} : { raw }) }).toEqual({ status: 200 });
    return (JSON.parse(raw) as ChatAnswer).choices[0]!.message;
  };

  it('has its reasoning restored by the id of the call, turn after turn', async () => {
    const prompt = 'think: one\ncall look {"at":1}\nthen\nthink: two\ncall look {"at":2}\nthen\nsay: done';
    const messages: object[] = [{ role: 'user', content: prompt }];
    for (const seen of ['a door', 'a window']) {
      const { tool_calls: calls = [] } = await ask(messages);
      // Exactly the fields of OpenAI's own documentation, and nothing beside them.
      const known = calls.map(({ id, function: called }) => ({
        id,
        type: 'function',
        function: { name: called.name, arguments: called.arguments },
      }));
      expect(known).toHaveLength(1);
      messages.push({ role: 'assistant', content: null, tool_calls: known });
      messages.push({ role: 'tool', tool_call_id: known[0]!.id, content: seen });
    }
    expect((await ask(messages)).content).toBe('done');
  });
});
