import { request } from 'node:http';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import {
  chatClients,
  claudeCode,
  claudeCodePrompt,
  codexWithAdditionalTools,
  codexWithTools,
  geminiCli,
} from './client-requests.js';
import { converse } from './converse.js';
import { gateway, platform } from './platform.js';
import { readChatStream, readGeminiStream, readMessagesStream, readResponsesStream } from './stream-grammar.js';

const key = platform.keys.default;

const bearer = { authorization: `Bearer ${key}` };

describe('Claude Code', () => {
  const ask = (model: string, messages: readonly object[], path?: string) =>
    converse(claudeCode(model, messages, path), { 'x-api-key': key }).then(readMessagesStream);

  it.each(['/v1/messages', '/v1/v1/messages', '/messages'])('is answered at %s', async (path) => {
    const { blocks, stopReason } = await ask('claude-opus-5-5', claudeCodePrompt('say: hello'), path);
    expect(blocks.findLast(({ type }) => type === 'text')?.text).toBe('hello');
    expect(stopReason).toBe('end_turn');
  });

  it.each(['claude-opus-4-8', 'gpt-5-4', 'deepseek-v4-pro'])(
    'runs a tool on %s and goes on with what it found',
    async (model) => {
      const prompt = claudeCodePrompt('call Bash {"command":"ls -la"}');
      const asked = await ask(model, prompt);
      const call = asked.blocks.find(({ type }) => type === 'tool_use');
      expect(asked.stopReason).toBe('tool_use');
      expect(call).toMatchObject({ name: 'Bash', input: { command: 'ls -la' } });
      const result = { type: 'text', text: 'README.md', cache_control: { type: 'ephemeral' } };
      const { blocks } = await ask(model, [
        ...prompt,
        // Thinking and its signature go back as they came.
        { role: 'assistant', content: asked.blocks },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call!.id, content: [result] }] },
      ]);
      expect(blocks.find(({ type }) => type === 'text')?.text).toContain('README.md');
    },
  );

  it('discovers the models of the gateway', async () => {
    const response = await fetch(`${gateway}/v1/models?limit=1000`, {
      headers: { ...bearer, 'anthropic-version': '2023-06-01', 'user-agent': 'claude-code/2.1.328' },
    });
    expect(response.status).toBe(200);
    const page = (await response.json()) as { data: { id: string }[] };
    expect(page).toMatchObject({ has_more: false, first_id: page.data[0]?.id, last_id: page.data.at(-1)?.id });
    expect(page.data.find(({ id }) => id === 'claude-opus-4-8')).toMatchObject({
      type: 'model',
      display_name: expect.any(String),
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it.each(['/', '/api/hello'])('gets a quick answer without a body to HEAD %s, key or no key', async (path) => {
    const response = await fetch(`${gateway}${path}`, { method: 'HEAD', headers: { 'user-agent': 'Bun/1.3.0' } });
    expect([200, 404]).toContain(response.status);
    expect(await response.text()).toBe('');
  });

  it.each([
    { encoding: 'gzip', compress: gzipSync },
    { encoding: 'zstd', compress: zstdCompressSync },
  ])('may compress its body with $encoding', async ({ encoding, compress }) => {
    const { path, headers, body } = claudeCode('claude-opus-4-8', claudeCodePrompt('say: smaller'));
    const response = await fetch(`${gateway}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': encoding, ...headers, 'x-api-key': key },
      body: compress(JSON.stringify(body)),
    });
    expect(response.status).toBe(200);
    expect(readMessagesStream(await response.text()).blocks.at(-1)?.text).toBe('smaller');
  });
});

describe('Codex', () => {
  it('is turned from its WebSocket to HTTP by one 426', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = {
        ...bearer,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
        'openai-beta': 'responses_websockets=2026-02-06',
      };
      const asking = request(`${gateway}/v1/responses`, { headers });
      asking.once('response', (response) => resolve(response.resume().statusCode));
      asking.once('upgrade', () => reject(new Error('it was upgraded')));
      asking.once('error', reject);
      asking.end();
    });
    expect(status).toBe(426);
  });

  it.each([
    { prompt: 'say: hello', item: { type: 'message', content: [expect.objectContaining({ text: 'hello' })] } },
    {
      prompt: 'call exec_command {"cmd":"ls"}',
      item: { type: 'function_call', name: 'exec_command', arguments: expect.stringMatching(/"ls"/) },
    },
    {
      prompt: 'call apply_patch {"input":"*** Begin Patch"}',
      item: { type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin Patch' },
    },
  ])('is answered to "$prompt" with its five kinds of tools declared', async ({ prompt, item }) => {
    const output = readResponsesStream(await converse(codexWithTools('gpt-5-5', prompt), bearer));
    expect(output.at(-1)).toMatchObject(item);
  });

  it('loops over tools that came as an input item, in their namespace, replaying its whole history', async () => {
    const prompt = 'call exec {"input":"ls()"}\nthen\nsay: listed';
    const asked = readResponsesStream(await converse(codexWithAdditionalTools('gpt-6.1', prompt), bearer));
    const call = asked.at(-1);
    expect(call).toMatchObject({ type: 'custom_tool_call', name: 'exec', namespace: 'functions' });
    const history = [
      // Reasoning comes back without its content, as it was received otherwise.
      ...asked.map((item) => (item['type'] === 'reasoning' ? { ...item, content: null } : item)),
      {
        type: 'custom_tool_call_output',
        call_id: call!['call_id'],
        output: [{ type: 'input_text', text: 'Chunk ID: 1\nOutput:\nREADME.md' }],
      },
    ];
    const answered = readResponsesStream(await converse(codexWithAdditionalTools('gpt-6.1', prompt, history), bearer));
    expect(answered.at(-1)).toMatchObject({ type: 'message', content: [{ type: 'output_text', text: 'listed' }] });
  });
});

describe('Gemini CLI', () => {
  it.each([
    { model: 'gemini-2.5-flash', thinking: { thinkingBudget: 8_192 } },
    { model: 'gemini-3-pro-preview', thinking: { thinkingLevel: 'HIGH' } },
    { model: 'gemini-3.8-flash', thinking: {} },
  ])('has its tool called on $model', async ({ model, thinking }) => {
    const asking = geminiCli(model, 'call run_shell_command {"command":"ls"}', thinking);
    const parts = readGeminiStream(await converse(asking, { 'x-goog-api-key': key, ...bearer }));
    expect(parts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          functionCall: expect.objectContaining({ name: 'run_shell_command', args: { command: 'ls' } }),
        }),
      ]),
    );
  });

  it('has its classifier answered as JSON', async () => {
    const response = await fetch(`${gateway}/v1beta/models/gemini-3.5-flash-lite:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': key },
      body: JSON.stringify({
        contents: [{ role: 'user', parts: [{ text: 'say: {"choice":"flash"}' }] }],
        generationConfig: {
          responseMimeType: 'application/json',
          responseJsonSchema: { type: 'OBJECT', properties: { choice: { type: 'STRING' } }, required: ['choice'] },
        },
      }),
    });
    const { candidates } = (await response.json()) as {
      candidates: { content: { parts: { text: string; thought?: boolean }[] } }[];
    };
    const text = candidates[0]!.content.parts.find(({ thought }) => !thought)!.text;
    expect(JSON.parse(text)).toEqual({ choice: 'flash' });
  });
});

describe.each(['gpt-5-4', 'kimi-k2-6', 'glm-5-1', 'deepseek-v4-flash'])('a Chat agent on %s', (model) => {
  it.each(chatClients(model, 'say: hello'))('$name is answered', async (asking) => {
    const { text, finish, usage, usageChunks } = readChatStream(await converse(asking, bearer));
    expect([text, finish]).toEqual(['hello', 'stop']);
    // Some vendors put usage beside the finish unasked; a chunk of its own comes to those alone who asked.
    if ('stream_options' in asking.body) expect(usage).toMatchObject({ prompt_tokens: expect.any(Number) });
    else expect(usageChunks).toBe(0);
  });

  it('has its tool called', async () => {
    const [asking] = chatClients(model, 'call read_file {"path":"README.md"}');
    const { calls, finish } = readChatStream(await converse(asking!, bearer));
    expect(finish).toBe('tool_calls');
    expect(calls).toEqual([{ id: expect.any(String), name: 'read_file', arguments: expect.any(String) }]);
    expect(JSON.parse(calls[0]!.arguments)).toEqual({ path: 'README.md' });
  });
});
