import { checkSeal, sealThinking } from '../signature/thinking-seal.js';

const BINDING = { vendor: 'google', model: '', prefix: '' } as const;

/** Documented strings that ask the vendor to skip the check, for history that never had a signature. */
const BYPASSES = ['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'];

/** What a signature is for: a call is named, so that a signature cannot be moved onto another kind of part. */
export type Signed = { readonly type: 'text' } | { readonly type: 'call'; readonly name: string };

const textOf = (signed: Signed): string => (signed.type === 'text' ? 'text' : `call ${signed.name}`);

export const signThought = (signed: Signed): string => sealThinking(textOf(signed), BINDING);

/** Accepts either base64 alphabet: clients are known to re-encode. */
export const isThoughtSignature = (signature: string, signed: Signed): boolean => {
  if (BYPASSES.includes(signature) || BYPASSES.includes(Buffer.from(signature, 'base64').toString('utf8'))) return true;
  return checkSeal(textOf(signed), signature.replaceAll('-', '+').replaceAll('_', '/'), BINDING) === 'valid';
};
