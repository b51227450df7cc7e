import Anthropic from '@anthropic-ai/sdk';

import { gateway } from '../platform.js';
import { CITY, OUTPUT_TOKENS, TOOLS, type Answer, type Call, type Open, type Setting } from './conversation.js';

const tools = TOOLS.map((name) => ({ name, description: `${name} of a city`, input_schema: CITY }));

/** A Messages client. */
export const openAnthropic: Open = (key) => {
  const client = new Anthropic({ baseURL: gateway, apiKey: key, maxRetries: 0 });
  const messages: Anthropic.MessageParam[] = [];
  let calls: readonly Call[] = [];
  const ask = async ({ model, stream, thinking }: Setting): Promise<Answer> => {
    const body = {
      ...{ model, max_tokens: OUTPUT_TOKENS, messages, tools },
      ...(thinking && { thinking: { type: 'enabled' as const, budget_tokens: 1_024 } }),
    };
    const message = await (stream ? client.messages.stream(body).finalMessage() : client.messages.create(body));
    messages.push({ role: 'assistant', content: message.content });
    const answer = answerOf(message);
    calls = answer.calls;
    return answer;
  };
  return {
    say: (prompt, setting) => {
      messages.push({ role: 'user', content: prompt });
      return ask(setting);
    },
    answerCalls: (results, setting) => {
      const content = calls.map(({ id }, index) => ({
        ...{ type: 'tool_result' as const, tool_use_id: id, content: results[index] ?? '' },
      }));
      messages.push({ role: 'user', content });
      return ask(setting);
    },
  };
};

const answerOf = ({ content, stop_reason, usage }: Anthropic.Message): Answer => ({
  text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
  reasoning: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
  calls: content.flatMap((block) =>
    block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
  ),
  wantsTools: stop_reason === 'tool_use',
  outputTokens: usage.output_tokens,
});
