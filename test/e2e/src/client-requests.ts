/** What clients were seen to send (the field notes on clients, sections 0 and 2), as plain data. */
export interface ClientRequest {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

const schema = (properties: object) => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties,
  additionalProperties: false,
});

const CLAUDE_CODE_BETAS = [
  'claude-code-20250219',
  'interleaved-thinking-2025-05-14',
  'context-management-2025-06-27',
  'thinking-token-count-2026-05-13',
  'advanced-tool-use-2025-11-20',
  'effort-2025-11-24',
  'mid-conversation-tool-changes-2026-07-01',
];

const CLAUDE_CODE_TOOLS = [
  { name: 'Bash', description: 'Runs a command', input_schema: schema({ command: { type: 'string', minLength: 1 } }) },
  { name: 'ToolSearch', description: 'Finds tools', input_schema: schema({ query: { type: 'string' } }) },
  {
    name: 'DeferredToolPlaceholder',
    description: 'Stands for tools that join later',
    input_schema: schema({}),
    defer_loading: true,
  },
];

/** Claude Code 2.1.328 toward a model that it believes new. */
export const claudeCode = (model: string, messages: readonly object[], path = '/v1/messages'): ClientRequest => ({
  name: `Claude Code on ${model} at ${path}`,
  path: `${path}?beta=true`,
  headers: {
    'anthropic-version': '2023-06-01',
    'anthropic-beta': CLAUDE_CODE_BETAS.join(','),
    'anthropic-dangerous-direct-browser-access': 'true',
    'user-agent': 'claude-cli/2.1.328 (external, sdk-cli)',
    'x-app': 'cli',
    'x-claude-code-session-id': '3a0c2f1e-6a53-4a51-9c0e-0e6c4f7a9b11',
    'x-stainless-lang': 'js',
    'x-stainless-package-version': '0.128.0',
    'x-stainless-retry-count': '0',
    'x-stainless-timeout': '600',
    'accept-encoding': 'gzip, deflate, br, zstd',
  },
  body: {
    model,
    max_tokens: 8_192,
    stream: true,
    system: [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.328.abc; cc_entrypoint=sdk-cli;' },
      { type: 'text', text: 'You are an agent.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Use the tools.', cache_control: { type: 'ephemeral' } },
    ],
    messages,
    tools: CLAUDE_CODE_TOOLS,
    metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: 's' }) },
    thinking: { type: 'adaptive' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    output_config: { effort: 'high' },
  },
});

/** Its first turn: the prompt, and the environment in a system turn after it. */
export const claudeCodePrompt = (prompt: string): readonly object[] => [
  { role: 'user', content: [{ type: 'text', text: prompt, cache_control: { type: 'ephemeral' } }] },
  { role: 'system', content: 'Working directory: /home/dev/project' },
];

const CODEX_HEADERS = {
  originator: 'codex_exec',
  'user-agent': 'codex_exec/0.169.0 (Linux; x86_64) unknown',
  'session-id': '019aa0f2-0f0e-7a52-9b7c-0d7d5a4a2b61',
  'thread-id': '019aa0f2-0f0e-7a52-9b7c-0d7d5a4a2b61',
  'x-codex-turn-metadata': JSON.stringify({ turn_id: '1', sandbox: 'none' }),
  'x-codex-beta-features': 'remote_compaction_v2',
  accept: 'text/event-stream',
};

const codexMessage = (role: string, id: string, text: string) => ({
  type: 'message',
  role,
  id,
  content: [{ type: 'input_text', text }],
});

const codex = (model: string, body: object): ClientRequest => ({
  name: `Codex on ${model}`,
  path: '/v1/responses',
  headers: CODEX_HEADERS,
  body: {
    model,
    stream: true,
    store: false,
    tool_choice: 'auto',
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: '019aa0f2-0f0e-7a52-9b7c-0d7d5a4a2b61',
    client_metadata: { 'x-codex-installation-id': 'abc' },
    ...body,
  },
});

/** Codex 0.169 toward a model it does not know: tools at the top, the system prompt as the first developer message. */
export const codexWithTools = (model: string, prompt: string): ClientRequest =>
  codex(model, {
    parallel_tool_calls: true,
    reasoning: { summary: 'auto' },
    input: [
      codexMessage('developer', 'msg_1', 'You are a coding agent.'),
      codexMessage('user', 'msg_2', '<environment_context><cwd>/home/dev</cwd></environment_context>'),
      codexMessage('user', 'msg_3', prompt),
    ],
    tools: [
      {
        type: 'function',
        name: 'exec_command',
        description: 'Runs a command',
        strict: false,
        parameters: schema({ cmd: { type: 'string' } }),
      },
      {
        type: 'custom',
        name: 'apply_patch',
        description: 'Edits files',
        format: { type: 'grammar', syntax: 'lark', definition: 'start: begin' },
      },
      {
        type: 'namespace',
        name: 'multi_agent_v1',
        description: 'Other agents',
        tools: [{ type: 'function', name: 'spawn', description: 'Starts one', strict: false, parameters: schema({}) }],
      },
      { type: 'tool_search', execution: 'client', description: 'Finds tools', parameters: schema({}) },
      { type: 'web_search', external_web_access: true },
    ],
  });

/** Codex 0.169 toward a model of its catalogue: the tools are an input item. */
export const codexWithAdditionalTools = (
  model: string,
  prompt: string,
  history: readonly object[] = [],
): ClientRequest => {
  const { body, ...rest } = codex(model, {
    parallel_tool_calls: false,
    reasoning: { effort: 'low', context: 'all_turns' },
    input: [
      {
        type: 'additional_tools',
        role: 'developer',
        tools: [
          {
            type: 'namespace',
            name: 'functions',
            description: 'The shell',
            tools: [
              { type: 'custom', name: 'exec', description: 'Runs JavaScript', format: { type: 'text' } },
              { type: 'function', name: 'wait', description: 'Waits', strict: false, parameters: schema({}) },
            ],
          },
        ],
      },
      codexMessage('developer', 'msg_1', 'You are a coding agent.'),
      codexMessage('user', 'msg_2', prompt),
      ...history,
    ],
  });
  return { ...rest, body, headers: { ...CODEX_HEADERS, 'x-openai-internal-codex-responses-lite': 'true' } };
};

/** Gemini CLI 0.61. */
export const geminiCli = (model: string, prompt: string, thinkingConfig: object): ClientRequest => ({
  name: `Gemini CLI on ${model}`,
  path: `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
  headers: {
    'user-agent': `GeminiCLI-tui/0.61.0/${model} (linux; x64; tui)`,
    'x-goog-api-client': 'google-genai-sdk/1.30.0 gl-node/v20.20.2',
  },
  body: {
    contents: [{ role: 'user', parts: [{ text: 'This is the session context.' }, { text: prompt }] }],
    systemInstruction: { role: 'user', parts: [{ text: 'You are an agent.' }] },
    tools: [
      {
        functionDeclarations: [
          {
            name: 'run_shell_command',
            description: 'Runs a command',
            parametersJsonSchema: schema({
              command: { type: 'string', minLength: 1 },
              timeout: { exclusiveMinimum: 0 },
            }),
          },
        ],
      },
    ],
    generationConfig: {
      temperature: 1,
      topP: 0.95,
      topK: 64,
      thinkingConfig: { includeThoughts: true, ...thinkingConfig },
    },
  },
});

const chatTool = {
  type: 'function',
  function: { name: 'read_file', description: 'Reads a file', parameters: schema({ path: { type: 'string' } }) },
};

/** opencode (AI SDK, openai-compatible), Cline and Continue, which differ in what they say about usage. */
export const chatClients = (model: string, prompt: string): readonly ClientRequest[] => {
  const messages = [
    { role: 'system', content: 'You are an agent.' },
    { role: 'user', content: prompt },
  ];
  const asking = { model, messages, stream: true, tools: [chatTool], tool_choice: 'auto' };
  return [
    {
      name: `opencode on ${model}`,
      path: '/v1/chat/completions',
      headers: {
        'user-agent': 'opencode/1.18.33 ai-sdk/provider-utils/4.0.0 runtime/bun/1.3.0',
        'x-session-affinity': 's1',
      },
      body: { ...asking, max_tokens: 4_096, stream_options: { include_usage: true } },
    },
    {
      name: `Cline on ${model}`,
      path: '/chat/completions',
      headers: { 'user-agent': 'ai/7.0.173 ai-sdk/provider-utils/5.0.0 runtime/bun' },
      body: asking,
    },
    {
      name: `Continue on ${model}`,
      path: '/v1/chat/completions',
      headers: { 'x-stainless-lang': 'js', 'x-stainless-package-version': '5.23.2' },
      body: { ...asking, tools: undefined, tool_choice: undefined, stream_options: { include_usage: true } },
    },
  ];
};
