import { moonshotChat, MOONSHOT_MODELS } from '../look-alikes/moonshot.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import type { Wire } from '../wire/wire.js';
import { effortIn, withResponses } from './with-responses.js';

const EFFORTS = ['low', 'high', 'max'];
const THINKING_OFF = 'disabled';

const thinkingSwitch = ({ thinking }: Json): unknown => (isObject(thinking) ? thinking['type'] : undefined);

/** This wire looks at what the chat wire lets pass: effort, choice and temperature are refused by name. */
const check = (body: Json): void => {
  const effort = effortIn(body);
  if (effort !== undefined && !EFFORTS.includes(effort))
    refuse(`invalid reasoning.effort: must be one of ${EFFORTS.join(', ')}`, { param: 'reasoning.effort' });
  if (body['tool_choice'] === 'required') refuse("tool_choice 'required' is not supported", { param: 'tool_choice' });
  const temperature = body['temperature'];
  if (typeof temperature === 'number' && temperature !== 1)
    refuse('invalid temperature: only 1 is allowed for this model', { param: 'temperature' });
};

/** Kimi on Chat and on Responses. */
export const moonshot: Wire = withResponses(moonshotChat, {
  path: '/v1/responses',
  models: MOONSHOT_MODELS,
  unknownModel: (name) => ({ status: 404, message: `Not found the model ${name} or Permission denied` }),
  caching: { tokensMin: 256, stepTokens: 256, ttl: '1h' },
  check,
  thinks: (body) => thinkingSwitch(body) !== THINKING_OFF,
  reasoning: 'summary',
  heeds: { jsonSchema: true },
});
