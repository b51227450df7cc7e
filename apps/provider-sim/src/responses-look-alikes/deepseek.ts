import { deepseekChat, DEEPSEEK_MODELS } from '../look-alikes/deepseek.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import type { Wire } from '../wire/wire.js';
import { effortIn, forcesTool, formatTypeIn, withResponses } from './with-responses.js';

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'];
const PASS_BACK = 'The `reasoning_text` in the thinking mode must be passed back to the API.';

const thinks = (body: Json): boolean => effortIn(body) !== 'none';

const check = (body: Json): void => {
  const effort = effortIn(body);
  if (effort !== undefined && !EFFORTS.includes(effort)) refuse(`reasoning.effort: unknown variant \`${effort}\``);
  if (formatTypeIn(body) === 'json_schema') refuse('This response_format type is unavailable now');
  if (thinks(body) && forcesTool(body)) refuse('Thinking mode does not support this tool_choice');
};

const hasReasoning = ({ content }: Json): boolean =>
  Array.isArray(content) && content.some((part) => isObject(part) && part['type'] === 'reasoning_text');

/** What the model did in one go: its items up to the next input. A message between two calls breaks them apart. */
const checkReasoning = (items: readonly Json[], body: Json): void => {
  if (!thinks(body)) return;
  let reasoned = false;
  let called: string | undefined;
  for (const item of items) {
    const type = String(item['type']);
    if (type === 'reasoning') reasoned ||= hasReasoning(item);
    else if (type === 'function_call') {
      if (!reasoned) refuse(PASS_BACK, { param: 'input' });
      called = String(item['call_id']);
    } else if (type === 'message' && item['role'] === 'assistant' && called !== undefined)
      refuse(`No tool output found for tool call ${called}.`, { param: 'input' });
    else if (type.endsWith('_output') || type === 'message') {
      reasoned = false;
      called = undefined;
    }
  }
};

/** DeepSeek on Chat and, since August 2026, stateless on Responses. */
export const deepseek: Wire = withResponses(deepseekChat, {
  path: '/responses',
  models: DEEPSEEK_MODELS.filter(({ id }) => id !== 'deepseek-r1'),
  unknownModel: () => ({ status: 400, message: 'Model Not Exist' }),
  caching: { tokensMin: 64, stepTokens: 64, ttl: '1h' },
  check,
  checkItems: checkReasoning,
  thinks,
  reasoning: 'content',
});
