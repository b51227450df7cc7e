import { readFileSync } from 'node:fs';

/** Requests of every kind whose tokens somebody might ask for, as bodies of the Messages protocol without a model. */
interface Counted {
  readonly name: string;
  readonly body: {
    readonly messages: readonly object[];
    readonly system?: unknown;
    readonly tools?: readonly object[];
  };
}

const own = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const asked = (content: unknown) => ({ messages: [{ role: 'user', content }] });

const CHINESE =
  '人工智能正在改变我们的生活方式，从医疗诊断到自动驾驶汽车，它的应用无处不在。然而，随着技术的发展，我们也需要思考它带来的伦理问题：谁来为机器的决定负责？';
const JAPANESE =
  '東京の朝は静かに始まります。通勤電車が動き出す前に、パン屋の主人はもう生地をこねています。今日も長い一日になりそうです。';
const KOREAN = '서울의 봄은 짧지만 아름답습니다. 벚꽃이 피면 사람들은 강가로 나와 오래 걷습니다.';

const schemaOf = (index: number) => ({
  type: 'object',
  properties: {
    file_path: { type: 'string', description: `The absolute path to the file of step ${index}` },
    offset: { type: 'integer', minimum: 0, description: 'The line number to start reading from' },
    options: { type: 'array', items: { type: 'string', enum: ['fast', 'careful', 'dry-run'] }, maxItems: index + 1 },
  },
  required: ['file_path'],
  additionalProperties: false,
});

const TOOLS = Array.from({ length: 24 }, (_, index) => ({
  name: `perform_step_${index}`,
  description: `Performs step ${index} of the plan. Use it when the earlier steps have ended well.\n\nUsage:\n- The path must be absolute.\n- Results are returned with line numbers, starting at 1.`,
  input_schema: schemaOf(index),
}));

/** An agent's conversation: it reads files, and is given what is in them. */
const AGENT_TURNS = ['README.md', 'package.json', 'apps/ingress/src/serve-generation.ts', 'CONTRIBUTING.md'].flatMap(
  (path, index) => [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: `I will look at ${path} next.` },
        {
          type: 'tool_use',
          id: `toolu_${index}`,
          name: 'perform_step_1',
          input: { file_path: `/src/${path}`, offset: 0 },
        },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: `toolu_${index}`, content: own(path) }] },
  ],
);

export const CORPUS: readonly Counted[] = [
  { name: 'English prose', body: asked(own('ARCHITECTURE.md')) },
  { name: 'legal prose', body: asked(own('LICENSE')) },
  { name: 'code', body: asked(own('libs/protocols/src/peek/peek-body.ts')) },
  { name: 'deeply indented code', body: asked(own('libs/protocols/src/sse.ts')) },
  { name: 'JSON, laid out', body: asked(own('package.json')) },
  { name: 'JSON, packed', body: asked(JSON.stringify(JSON.parse(own('package.json')))) },
  { name: 'Chinese', body: asked(CHINESE.repeat(5)) },
  { name: 'Japanese', body: asked(JAPANESE.repeat(5)) },
  { name: 'Korean', body: asked(KOREAN.repeat(8)) },
  { name: 'Chinese with English in it', body: asked(`${CHINESE} See RFC 9110, section 15.5: ${CHINESE}`) },
  { name: 'tools', body: { ...asked('Go on.'), tools: TOOLS } },
  { name: 'many short turns', body: { messages: shortTurns(40) } },
  {
    name: "an agent's whole request",
    body: {
      system: [
        { type: 'text', text: 'You are an agent that works in a repository.' },
        { type: 'text', text: own('ARCHITECTURE.md'), cache_control: { type: 'ephemeral' } },
      ],
      tools: TOOLS,
      messages: [{ role: 'user', content: 'Explain the path of one request.' }, ...AGENT_TURNS],
    },
  },
];

function shortTurns(count: number): readonly object[] {
  return Array.from({ length: count * 2 - 1 }, (_, index) =>
    index % 2 === 0
      ? { role: 'user', content: `And what about number ${index}?` }
      : { role: 'assistant', content: `Number ${index} is fine as it stands.` },
  );
}
