import OpenAI from 'openai';

import { gateway } from '../platform.js';
import { CITY, OUTPUT_TOKENS, TOOLS, type Answer, type Call, type Open, type Setting } from './conversation.js';

const tools = TOOLS.map((name) => ({
  ...{ type: 'function' as const, name, description: `${name} of a city`, parameters: CITY, strict: false },
}));

/** A stateless Responses client, as Codex is: the whole history goes with every turn. */
export const openResponses: Open = (key) => {
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
  const input: OpenAI.Responses.ResponseInput = [];
  let calls: readonly Call[] = [];
  const ask = async ({ model, stream, thinking }: Setting): Promise<Answer> => {
    const body = {
      ...{ model, max_output_tokens: OUTPUT_TOKENS, input, tools, store: false },
      include: ['reasoning.encrypted_content' as const],
      ...(thinking && { reasoning: { effort: 'medium' as const, summary: 'auto' as const } }),
    };
    const response = await (stream ? client.responses.stream(body).finalResponse() : client.responses.create(body));
    input.push(...(response.output as OpenAI.Responses.ResponseInput));
    const answer = answerOf(response);
    calls = answer.calls;
    return answer;
  };
  return {
    say: (prompt, setting) => {
      input.push({ role: 'user', content: prompt });
      return ask(setting);
    },
    answerCalls: (results, setting) => {
      for (const [index, { id }] of calls.entries())
        input.push({ type: 'function_call_output', call_id: id, output: results[index] ?? '' });
      return ask(setting);
    },
  };
};

const answerOf = ({ output, output_text, status, usage }: OpenAI.Responses.Response): Answer => {
  const calls = output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) as unknown }]
      : [],
  );
  return {
    text: output_text,
    reasoning: output
      .flatMap((item) => (item.type === 'reasoning' ? item.summary.map(({ text }) => text) : []))
      .join(''),
    calls,
    wantsTools: status === 'completed' && calls.length > 0,
    outputTokens: usage?.output_tokens ?? 0,
  };
};
