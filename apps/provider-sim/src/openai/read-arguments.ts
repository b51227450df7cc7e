import type { JsonValue } from '../brain/conversation.js';

/** Arguments as JSON; what is not JSON stays the text it was, as a model would see it. */
export const readArguments = (written: unknown): JsonValue => {
  if (typeof written !== 'string') return {};
  try {
    const value: JsonValue = JSON.parse(written);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return written;
    throw error;
  }
};
