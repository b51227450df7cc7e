import type { Capsule, GenerateRequest, Part, ReasoningPart, ToolCallPart, Turn } from '@bytespike/ir';

import { CAPSULE_PREFIX } from '../../capsule-marks.js';
import { openCapsule, type CapsuleSigner } from './capsules.js';
import { mayRead, type Reader } from './reader.js';

/** A part that may hold state. */
type Holder = ReasoningPart | ToolCallPart;

const isHolder = (part: Part): part is Holder => part.type === 'reasoning' || part.type === 'tool-call';
const isSealed = ({ data }: Capsule): boolean => data.startsWith(CAPSULE_PREFIX);
const holdsSealed = (part: Part): part is Holder => isHolder(part) && (part.capsules ?? []).some(isSealed);

/**
 * The request with our capsules opened for their reader. One that this account was not given, or whose vendor is
 * another, is taken away; its part stays for the encoder, which tells that nothing of it can be carried (L40).
 */
export function openCapsules(request: GenerateRequest, reader: Reader, signer: CapsuleSigner): GenerateRequest {
  if (!request.turns.some(({ parts }) => parts.some(holdsSealed))) return request;
  const open = (sealed: Capsule): readonly Capsule[] => {
    if (!isSealed(sealed)) return [sealed];
    const held = openCapsule(sealed.data, signer);
    return held && mayRead(reader, held.capsule, held.channel) ? [held.capsule] : [];
  };
  const turns = request.turns.map((turn): Turn => {
    if (!turn.parts.some(holdsSealed)) return turn;
    const { raw: _raw, ...rest } = turn;
    const parts = withoutRepeats(turn.parts).map((part): Part => {
      if (!holdsSealed(part)) return part;
      const { raw: _partRaw, capsules = [], ...bare } = part;
      return { ...bare, capsules: capsules.flatMap(open) };
    });
    return { ...rest, parts: behindTheirTexts(parts) };
  });
  return { ...request, turns };
}

/** A client that was given a capsule in two places may send both back. The last is the one beside its call. */
function withoutRepeats(parts: readonly Part[]): readonly Part[] {
  const last = new Map<string, Part>();
  for (const part of parts) if (holdsSealed(part)) for (const { data } of part.capsules ?? []) last.set(data, part);
  return parts.flatMap((part): readonly Part[] => {
    if (!holdsSealed(part)) return [part];
    const { capsules = [] } = part;
    const kept = capsules.filter((capsule) => !isSealed(capsule) || last.get(capsule.data) === part);
    if (kept.length === capsules.length) return [part];
    return part.type === 'reasoning' && part.segments.length === 0 && kept.length === 0
      ? []
      : [{ ...part, capsules: kept }];
  });
}

/** State of a text stands behind it (`ReasoningState`); clients with one slot for all of it hand it back in front. */
function behindTheirTexts(parts: readonly Part[]): readonly Part[] {
  const [signature, ...more] = parts.filter(isTextState);
  const textAt = parts.findIndex(({ type }) => type === 'text');
  if (!signature || more.length > 0 || textAt < parts.indexOf(signature)) return parts;
  return parts.flatMap((part, at) => (part === signature ? [] : at === textAt ? [part, signature] : [part]));
}

const isTextState = (part: Part): boolean =>
  part.type === 'reasoning' &&
  part.segments.length === 0 &&
  (part.capsules ?? []).some(({ kind }) => kind === 'text-signature');
