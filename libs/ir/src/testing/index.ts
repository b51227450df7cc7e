export { arbitraryAnswer } from './arbitrary-answer.js';
export {
  arbitraryConversation,
  arbitraryRequest,
  requestsOf,
  type ConversationOptions,
} from './arbitrary-conversation.js';
export { arbitraryResponse, arbitraryStream } from './arbitrary-response.js';
