import { isJsonObject, PROTOCOL_NAMES, tryParseJson, type ProtocolName } from '@bytespike/kernel';
import type {
  Capsule,
  CapsuleKind,
  GenerateRequest,
  Loss,
  Part,
  ReasoningPart,
  StreamEvent,
  Turn,
} from '@bytespike/ir';

import { decodeBase64Url, encodeBase64Url } from '../base64url.js';

/** How every opaque capsule of ours begins, wherever a client carries it. */
export const CAPSULE_PREFIX = 'gwc1.';

/** Signs what the gateway hands to clients for safe-keeping, so that it takes back only what it gave. */
export interface CapsuleSigner {
  sign(payload: string): string;
}

const KINDS = [
  'signature',
  'redacted',
  'encrypted-content',
  'thought-signature',
  'text-signature',
  'plain-reasoning',
  'phase',
] as const satisfies readonly CapsuleKind[];

/** `gwc1.<payload>.<mac>`: a capsule as it travels in the client's own opaque slot. */
function sealCapsule({ origin, kind, data, itemId }: Capsule, signer: CapsuleSigner): string {
  const { protocol, vendor } = origin;
  const payload = encodeBase64Url(
    JSON.stringify({
      protocol,
      ...(vendor !== undefined && { vendor }),
      kind,
      data,
      ...(itemId !== undefined && { itemId }),
    }),
  );
  return `${CAPSULE_PREFIX}${payload}.${signer.sign(payload)}`;
}

/** What a sealed capsule holds, or `undefined` where it is none of ours. */
function openCapsule(sealed: string, signer: CapsuleSigner): Capsule | undefined {
  const [payload = '', mac, ...more] = sealed.slice(CAPSULE_PREFIX.length).split('.');
  if (!sealed.startsWith(CAPSULE_PREFIX) || more.length > 0 || mac !== signer.sign(payload)) return undefined;
  const content = tryParseJson(decodeBase64Url(payload) ?? '');
  if (!isJsonObject(content)) return undefined;
  const { vendor, data, itemId } = content;
  const protocol = PROTOCOL_NAMES.find((name) => name === content['protocol']);
  const kind = KINDS.find((name) => name === content['kind']);
  if (!protocol || !kind || typeof data !== 'string') return undefined;
  return {
    origin: { protocol, ...(typeof vendor === 'string' && { vendor }) },
    kind,
    data,
    ...(typeof itemId === 'string' && { itemId }),
  };
}

/**
 * The request with our capsules opened, so that encoders see whose state it is. One that we did not sign is taken
 * away, and its part with it becomes foreign: a capsule of ours never reaches a vendor.
 */
export function openCapsules(
  request: GenerateRequest,
  signer: CapsuleSigner,
): { readonly request: GenerateRequest; readonly losses: readonly Loss[] } {
  const losses: Loss[] = [];
  const open = (capsule: Capsule, path: string): readonly Capsule[] => {
    if (!capsule.data.startsWith(CAPSULE_PREFIX)) return [capsule];
    const opened = openCapsule(capsule.data, signer);
    if (!opened) losses.push({ code: 'L40', path, effect: 'dropped' });
    return opened ? [opened] : [];
  };
  const turns = request.turns.map((turn, index): Turn => {
    if (!turn.parts.some(holdsSealed)) return turn;
    const { raw: _raw, ...rest } = turn;
    const parts = turn.parts.map((part, at): Part => {
      if (!holdsSealed(part)) return part;
      const { raw: _partRaw, capsules = [], ...bare } = part;
      const path = `turns.${index}.parts.${at}`;
      return { ...bare, capsules: capsules.flatMap((capsule) => open(capsule, path)) };
    });
    return { ...rest, parts };
  });
  return { request: { ...request, turns }, losses };
}

const holdsSealed = (part: Part): part is ReasoningPart =>
  part.type === 'reasoning' && (part.capsules ?? []).some(({ data }) => data.startsWith(CAPSULE_PREFIX));

/** Where a client keeps the state of another vendor: a capsule native to it that holds the foreign one. */
export interface CapsuleSlot {
  readonly client: ProtocolName;
  readonly vendor: string;
  readonly signer: CapsuleSigner;
}

/** An event whose capsule, if foreign to the client, is sealed into one the client will hand back untouched. */
export function sealEvent(event: StreamEvent, { client, vendor, signer }: CapsuleSlot): StreamEvent {
  if (event.type !== 'capsule' || event.capsule.origin.protocol === client) return event;
  const { capsule } = event;
  const origin = { ...capsule.origin, vendor };
  const kind = capsule.kind === 'redacted' ? 'redacted' : 'signature';
  return {
    ...event,
    capsule: { origin: { protocol: client }, kind, data: sealCapsule({ ...capsule, origin }, signer) },
  };
}
