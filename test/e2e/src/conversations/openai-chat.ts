import OpenAI from 'openai';

import { gateway } from '../platform.js';
import { CITY, OUTPUT_TOKENS, TOOLS, type Answer, type Call, type Open, type Setting } from './conversation.js';

const tools = TOOLS.map((name) => ({
  ...{ type: 'function' as const, function: { name, description: `${name} of a city`, parameters: CITY } },
}));

/** A Chat Completions client. Its stream helper drops reasoning fields, as most Chat clients do. */
export const openChat: Open = (key) => {
  const client = new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 });
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  let calls: readonly Call[] = [];
  const ask = async ({ model, stream, thinking }: Setting): Promise<Answer> => {
    const body = {
      ...{ model, max_completion_tokens: OUTPUT_TOKENS, messages, tools },
      ...(thinking && { reasoning_effort: 'medium' as const }),
    };
    const completion = await (stream
      ? client.chat.completions.stream({ ...body, stream_options: { include_usage: true } }).finalChatCompletion()
      : client.chat.completions.create(body));
    const choice = choiceOf(completion);
    messages.push(choice.message);
    const answer = answerOf(choice, completion.usage);
    calls = answer.calls;
    return answer;
  };
  return {
    say: (prompt, setting) => {
      messages.push({ role: 'user', content: prompt });
      return ask(setting);
    },
    answerCalls: (results, setting) => {
      for (const [index, { id }] of calls.entries())
        messages.push({ role: 'tool', tool_call_id: id, content: results[index] ?? '' });
      return ask(setting);
    },
  };
};

const choiceOf = ({ choices: [choice] }: OpenAI.ChatCompletion): OpenAI.ChatCompletion.Choice => {
  if (!choice) throw new Error('a completion without a choice');
  return choice;
};

const answerOf = (
  { message, finish_reason }: OpenAI.ChatCompletion.Choice,
  usage: OpenAI.CompletionUsage | undefined,
): Answer => {
  const { reasoning_content } = message as { reasoning_content?: string };
  return {
    text: message.content ?? '',
    reasoning: reasoning_content ?? '',
    calls: (message.tool_calls ?? []).flatMap((call) =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) as unknown }]
        : [],
    ),
    wantsTools: finish_reason === 'tool_calls',
    outputTokens: usage?.completion_tokens ?? 0,
  };
};
