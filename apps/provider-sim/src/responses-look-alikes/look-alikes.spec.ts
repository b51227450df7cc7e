import OpenAI from 'openai';
import type { RunningSimulator } from '../testing/start-simulator.js';
import { startSimulator } from '../testing/start-simulator.js';
import { ark } from './ark.js';
import { deepseek } from './deepseek.js';
import { minimax } from './minimax.js';
import { moonshot } from './moonshot.js';
import { zhipu } from './zhipu.js';

type Input = OpenAI.Responses.ResponseInput;
type Body = Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>;

const VENDORS = [
  { vendor: 'deepseek', base: '/deepseek', model: 'deepseek-v4-pro' },
  { vendor: 'moonshot', base: '/moonshot/v1', model: 'kimi-k2.6' },
  { vendor: 'zhipu', base: '/zhipu/api/v1', model: 'glm-5.1' },
  { vendor: 'minimax', base: '/minimax/v1', model: 'MiniMax-M3' },
  { vendor: 'ark', base: '/ark/api/v3', model: 'ep-20260101-abcde' },
] as const;
type Vendor = (typeof VENDORS)[number]['vendor'];

const LOOK: OpenAI.Responses.Tool = { type: 'function', name: 'look', parameters: { type: 'object' }, strict: false };

let simulator: RunningSimulator;
beforeAll(async () => {
  simulator = await startSimulator([deepseek, moonshot, zhipu, minimax, ark]);
});
afterAll(() => simulator.close());

const ask = (vendor: Vendor, input: Input | string, more: Body = {}) => {
  const { base, model } = VENDORS.find((one) => one.vendor === vendor)!;
  const client = new OpenAI({ apiKey: 'sim-look', baseURL: `${simulator.address}${base}`, maxRetries: 0 });
  return {
    whole: () => client.responses.create({ model, input, ...more }),
    folded: () => client.responses.stream({ model, input, ...(more as object) }).finalResponse(),
  };
};

const readable = ({ output }: OpenAI.Responses.Response): string | undefined => {
  const reasoning = output.find((item) => item.type === 'reasoning');
  return [...(reasoning?.content ?? []), ...(reasoning?.summary ?? [])][0]?.text;
};

describe.each(VENDORS)('$vendor', ({ vendor }) => {
  it('answers in one piece and as a stream that folds to the same', async () => {
    const asked = ask(vendor, 'think: slowly\ncount to 12');
    const [whole, folded] = [await asked.whole(), await asked.folded()];
    expect(whole.output_text).toContain('11, 12');
    expect(folded.output_text).toBe(whole.output_text);
    expect([readable(whole), readable(folded)]).toEqual(['slowly', 'slowly']);
    expect(whole.output.find((item) => item.type === 'reasoning')?.encrypted_content).toBeUndefined();
  });

  it('takes its own reasoning and calls back with their results', async () => {
    const input: Input = [{ role: 'user', content: 'call look {"at":1}\ncall look {"at":2}' }];
    const asked = await ask(vendor, input, { tools: [LOOK] }).whole();
    const calls = asked.output.filter((item) => item.type === 'function_call');
    expect(calls.map((call) => call.arguments)).toEqual(['{"at":1}', '{"at":2}']);
    input.push(...(asked.output as Input));
    input.push(
      ...calls.map(({ call_id }, index) => ({
        ...{ type: 'function_call_output' as const, call_id, output: `seen ${index}` },
      })),
    );
    expect((await ask(vendor, input, { tools: [LOOK] }).whole()).output_text).toContain('seen 1');
  });

  it('refuses a result that nothing called for', async () => {
    const input: Input = [
      { role: 'user', content: 'hi' },
      { type: 'function_call_output', call_id: 'call_none', output: 'x' },
    ];
    await expect(ask(vendor, input).whole()).rejects.toMatchObject({ status: 400 });
  });
});

describe('what one of them is particular about', () => {
  const CALL = { type: 'function_call' as const, call_id: 'c1', name: 'look', arguments: '{}' };
  const RESULT = { type: 'function_call_output' as const, call_id: 'c1', output: 'seen' };
  const REASONING = {
    ...{ type: 'reasoning' as const, id: 'rs_1', summary: [] },
    content: [{ type: 'reasoning_text' as const, text: 'hm' }],
  };
  const USER = { role: 'user' as const, content: 'hi' };

  it.each<{ name: string; vendor: Vendor; input: Input | string; more?: Body; message: RegExp }>([
    {
      name: 'a call without its reasoning',
      vendor: 'deepseek',
      input: [USER, CALL, RESULT],
      message: /reasoning_text/,
    },
    {
      name: 'text between two calls',
      vendor: 'deepseek',
      input: [
        ...[USER, REASONING, CALL],
        { role: 'assistant', content: 'so' },
        ...[{ ...CALL, call_id: 'c2' }, RESULT, { ...RESULT, call_id: 'c2' }],
      ],
      message: /No tool output found for tool call c1/,
    },
    {
      name: 'a forced call in thinking mode',
      vendor: 'deepseek',
      input: 'hi',
      more: { tools: [LOOK], tool_choice: 'required' },
      message: /tool_choice/,
    },
    {
      name: 'state that is not kept',
      vendor: 'deepseek',
      input: 'hi',
      more: { previous_response_id: 'resp_1' },
      message: /previous_response_id/,
    },
    {
      name: 'a temperature of its own',
      vendor: 'moonshot',
      input: 'hi',
      more: { temperature: 0.3 },
      message: /temperature/,
    },
    {
      name: 'an effort it does not know',
      vendor: 'moonshot',
      input: 'hi',
      more: { reasoning: { effort: 'medium' } },
      message: /reasoning.effort/,
    },
  ])('$vendor refuses $name', async ({ vendor, input, more, message }) => {
    await expect(ask(vendor, input, more).whole()).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(message) as string,
    });
  });

  it('DeepSeek takes calls without reasoning where it was told not to think', async () => {
    const more: Body = { tools: [LOOK], reasoning: { effort: 'none' } };
    expect((await ask('deepseek', [USER, CALL, RESULT], more).whole()).status).toBe('completed');
  });

  it('Ark continues a response that it kept', async () => {
    const first = await ask('ark', 'my name is Ada').whole();
    const next = await ask('ark', 'recall', { previous_response_id: first.id }).whole();
    expect(next.output_text).toContain('my name is Ada');
  });

  it('GLM ignores a forced tool, which is worse than a refusal', async () => {
    const answer = await ask('zhipu', 'say: no', { tools: [LOOK], tool_choice: 'required' }).whole();
    expect(answer.output_text).toBe('no');
  });
});
