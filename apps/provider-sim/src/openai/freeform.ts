import type { ToolCall } from '../brain/answer.js';
import type { JsonObject } from '../brain/conversation.js';

/** A free-form tool takes one text: the brain fills it like a function with a single field. */
export const FREEFORM_SCHEMA: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
};

/** The text for a free-form tool; where tokens ran out, whatever of it was generated. */
export const freeformText = (call: ToolCall): string => {
  const { input } = call.input;
  return typeof input === 'string' && call.inputText.endsWith('}') ? input : call.inputText.replace(/^\{"input":"/, '');
};
