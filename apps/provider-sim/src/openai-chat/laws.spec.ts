import fc from 'fast-check';
import { deepseekChat } from '../look-alikes/deepseek.js';
import { minimaxChat } from '../look-alikes/minimax.js';
import { moonshotChat } from '../look-alikes/moonshot.js';
import { zhipuChat } from '../look-alikes/zhipu.js';
import { openai } from '../openai/openai.js';
import { anyScript, bodyOf, callRoute, recordsOf } from '../testing/any-script.js';

type Fields = Record<string, unknown>;
interface Choice {
  readonly delta: Fields & { tool_calls?: Fields[] };
  readonly finish_reason: string | null;
}

const WIRES = [
  { wire: openai, path: '/v1/chat/completions', model: 'gpt-5.5', extra: { reasoning_effort: 'low' } },
  { wire: deepseekChat, path: '/chat/completions', model: 'deepseek-v4-pro', extra: {} },
  { wire: moonshotChat, path: '/v1/chat/completions', model: 'kimi-k2.6', extra: {} },
  { wire: zhipuChat, path: '/api/paas/v4/chat/completions', model: 'glm-5.1', extra: {} },
  { wire: minimaxChat, path: '/v1/chat/completions', model: 'MiniMax-M2.7', extra: {} },
].map((each) => ({ name: each.model, ...each }));

/** Puts a stream together again: texts are added up, calls by their index. */
const fold = (chunks: readonly Fields[]) => {
  const texts: Record<string, string> = {};
  const calls: { id: unknown; name: unknown; written: string }[] = [];
  let finish: unknown = null;
  let usage: unknown;
  for (const chunk of chunks) {
    usage = chunk['usage'] ?? usage;
    for (const choice of chunk['choices'] as Choice[]) {
      finish = choice.finish_reason ?? finish;
      for (const [field, value] of Object.entries(choice.delta))
        if (typeof value === 'string' && field !== 'role') texts[field] = (texts[field] ?? '') + value;
      for (const call of choice.delta.tool_calls ?? []) {
        const { name, arguments: written } = call['function'] as { name?: string; arguments: string };
        if (call['id'] !== undefined) calls.push({ id: call['id'], name, written: '' });
        calls.at(-1)!.written += written;
      }
    }
  }
  return {
    content: texts['content'] ?? '',
    reasoning: texts['reasoning_content'] ?? '',
    refusal: texts['refusal'] ?? '',
    calls,
    finish,
    usage,
  };
};

const flatten = (body: Fields) => {
  const { message, finish_reason: finish } = (body['choices'] as { message: Fields; finish_reason: string }[])[0]!;
  const calls = (message['tool_calls'] ?? []) as { id: string; function: { name: string; arguments: string } }[];
  return {
    content: message['content'] ?? '',
    reasoning: message['reasoning_content'] ?? '',
    refusal: message['refusal'] ?? '',
    calls: calls.map((call) => ({ id: call.id, name: call.function.name, written: call.function.arguments })),
    finish,
    usage: body['usage'],
  };
};

describe.each(WIRES)('for any script, $name', ({ wire, path, model, extra }) => {
  const bodyFor = (content: string, more: object = {}) => ({
    model,
    ...extra,
    ...more,
    tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
    messages: [{ role: 'user', content }],
  });

  it('streams what folds to the unary answer, with one finish and a proper end', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const whole = bodyOf(callRoute(wire, path, { body: bodyFor(script) }));
        const reply = callRoute(wire, path, {
          body: bodyFor(script, { stream: true, stream_options: { include_usage: true } }),
        });
        expect(fold(recordsOf(reply))).toEqual(flatten(whole));
        expect(reply.type === 'stream' && reply.frames.at(-1)).toEqual({
          part: 'terminator',
          text: 'data: [DONE]\n\n',
        });
      }),
      { numRuns: 20 },
    );
  });
});
