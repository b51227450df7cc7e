import { checkSeal, sealThinking } from '../signature/thinking-seal.js';

const MARK = 'gAAAAAB';
const VENDOR = 'openai';

export type Opened =
  { readonly type: 'open'; readonly itemId: string; readonly text: string } | { readonly type: 'unreadable' };

/** Reasoning as an opaque text that only the vendor can read, bound to its item. */
export const encryptReasoning = (itemId: string, text: string): string => {
  const seal = sealThinking(text, { vendor: VENDOR, model: '', prefix: itemId });
  return MARK + Buffer.from(JSON.stringify([itemId, text, seal])).toString('base64url');
};

/** Reads {@link encryptReasoning}'s text back; anything altered is unreadable. */
export const decryptReasoning = (content: string): Opened => {
  const payload = content.startsWith(MARK) ? readPayload(content.slice(MARK.length)) : undefined;
  if (payload === undefined) return { type: 'unreadable' };
  const [itemId, text, seal] = payload;
  const verdict = checkSeal(text, seal, { vendor: VENDOR, model: '', prefix: itemId });
  return verdict === 'valid' ? { type: 'open', itemId, text } : { type: 'unreadable' };
};

const readPayload = (encoded: string): readonly [string, string, string] | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'));
    if (!Array.isArray(value) || value.length !== 3 || !value.every((entry) => typeof entry === 'string'))
      return undefined;
    const [itemId = '', text = '', seal = ''] = value;
    return [itemId, text, seal];
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
