import type { Capsule, GenerateRequest, Loss, Part, Turn } from '@bytespike/ir';

/** What a vendor checks before it answers; thoughts in plain text it only reads. */
const CHECKED: readonly Capsule['kind'][] = [
  'signature',
  'redacted',
  'encrypted-content',
  'thought-signature',
  'text-signature',
];

const isChecked = ({ kind }: Capsule): boolean => CHECKED.includes(kind);

const holdsState = (part: Part): boolean =>
  (part.type === 'reasoning' || part.type === 'tool-call') && (part.capsules ?? []).some(isChecked);

/**
 * The request without any state that its vendor could have refused to verify, or `undefined` where it held none: a
 * signature that was made elsewhere does not say so (T41). What stood on its wire as it was is written anew.
 */
export function withoutState(
  request: GenerateRequest,
): { readonly request: GenerateRequest; readonly losses: readonly Loss[] } | undefined {
  const losses: Loss[] = [];
  const turns = request.turns.map((turn, index): Turn => {
    if (!turn.parts.some(holdsState)) return turn;
    const { raw: _raw, ...rest } = turn;
    const parts = turn.parts.map((part, at): Part => {
      const { raw: _partRaw, ...bare } = part;
      if (!holdsState(part)) return part.type === 'text' ? bare : part;
      losses.push({ code: 'L40', path: `turns.${index}.parts.${at}`, effect: 'dropped' });
      if (bare.type !== 'reasoning' && bare.type !== 'tool-call') return part;
      return { ...bare, capsules: (bare.capsules ?? []).filter((capsule) => !isChecked(capsule)) };
    });
    return { ...rest, parts };
  });
  return losses.length > 0 ? { request: { ...request, turns }, losses } : undefined;
}
