import { createChatWire } from '../openai-chat/create-chat-wire.js';
import { IMAGE_ROUTES } from '../openai-images/routes.js';
import { imageStreamFailure, isImageStream } from '../openai-images/events.js';
import { OPENAI_CHAT } from '../openai-chat/openai-chat.js';
import { RESPONSES_ROUTES } from '../openai-responses/routes.js';
import { isResponsesStream, responsesStreamFailure } from '../openai-responses/stream-failure.js';
import { VIDEO_ROUTES } from '../openai-videos/routes.js';
import type { Wire } from '../wire/wire.js';

const chat = createChatWire(OPENAI_CHAT);

/** OpenAI: one account, one list of models, text in two protocols, pictures and films. A failing stream continues the protocol it began in. */
export const openai: Wire = {
  ...chat,
  routes: [...chat.routes, ...RESPONSES_ROUTES, ...IMAGE_ROUTES, ...VIDEO_ROUTES],
  renderStreamFailure: (failure, requestId, sent) => {
    if (isImageStream(sent)) return imageStreamFailure(failure);
    return isResponsesStream(sent)
      ? responsesStreamFailure(failure, sent)
      : chat.renderStreamFailure(failure, requestId, sent);
  },
};
