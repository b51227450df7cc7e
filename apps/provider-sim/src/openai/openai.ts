import { createChatWire } from '../openai-chat/create-chat-wire.js';
import { OPENAI_CHAT } from '../openai-chat/openai-chat.js';
import { RESPONSES_ROUTES } from '../openai-responses/routes.js';
import { isResponsesStream, responsesStreamFailure } from '../openai-responses/stream-failure.js';
import type { Wire } from '../wire/wire.js';

const chat = createChatWire(OPENAI_CHAT);

/** OpenAI: one account, one list of models, two protocols. A failing stream continues the protocol it began in. */
export const openai: Wire = {
  ...chat,
  routes: [...chat.routes, ...RESPONSES_ROUTES],
  renderStreamFailure: (failure, requestId, sent) =>
    isResponsesStream(sent)
      ? responsesStreamFailure(failure, sent)
      : chat.renderStreamFailure(failure, requestId, sent),
};
