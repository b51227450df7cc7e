import { ARK_MODELS, arkChat, isArkEndpoint } from '../look-alikes/ark.js';
import type { Json } from '../openai/fields.js';
import { isObject } from '../openai/fields.js';
import { refuse } from '../openai/refuse.js';
import { TASK_ROUTES } from '../seedance/routes.js';
import { draw } from '../seedream/draw.js';
import type { Wire } from '../wire/wire.js';
import { effortIn, withResponses } from './with-responses.js';

const SWITCH = ['enabled', 'disabled', 'auto'];

const thinkingType = ({ thinking }: Json): unknown => (isObject(thinking) ? thinking['type'] : undefined);

const check = (body: Json): void => {
  const type = thinkingType(body);
  if (type !== undefined && !SWITCH.includes(String(type)))
    refuse(`The parameter \`thinking.type\` specified in the request is not valid: invalid value ${String(type)}.`, {
      param: 'thinking.type',
    });
};

/** Doubao on Chat and on Responses, where the vendor keeps state as OpenAI does. */
const writing: Wire = withResponses(arkChat, {
  path: '/api/v3/responses',
  models: ARK_MODELS,
  serves: isArkEndpoint,
  unknownModel: (name) => ({
    status: 404,
    message: `The model or endpoint ${name} does not exist or you do not have access to it.`,
  }),
  caching: { tokensMin: 1024, stepTokens: 256, ttl: '1h' },
  check,
  thinks: (body) => thinkingType(body) !== 'disabled' && effortIn(body) !== 'minimal',
  reasoning: 'summary',
  state: 'kept',
  heeds: { jsonSchema: true },
});

/** ByteDance: what writes, what draws and what films are one account. */
export const ark: Wire = {
  ...writing,
  routes: [
    ...writing.routes,
    { method: 'POST', path: '/api/v3/images/generations', step: 'create', handle: draw },
    ...TASK_ROUTES,
  ],
};
