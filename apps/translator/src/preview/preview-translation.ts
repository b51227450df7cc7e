import type { HandlersFor, preview, Target } from '@bytespike/contracts';
import { LOSSES, refuseLosses, type Loss, type LossPolicy } from '@bytespike/ir';
import { GatewayError } from '@bytespike/kernel';
import {
  applyEdits,
  CAPSULE_MARKS,
  openExchange,
  peekBody,
  rawLaneAllows,
  rawLaneEdits,
  type CapsuleSigner,
  type PeekedBody,
} from '@bytespike/protocols';

type Translate = HandlersFor<typeof preview>['translate'];
type Input = Parameters<Translate>[0];
type Preview = Awaited<ReturnType<Translate>>;

/** Where a previewed request would go, and how long the model's answers may be. */
export interface Destination extends Pick<Target, 'vendor' | 'protocol' | 'upstreamModel' | 'model' | 'lane'> {
  readonly maxOutputTokens: number;
}

export interface PreviewParts {
  readonly signer: CapsuleSigner;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a vendor would be sent for a client's body, and what it would cost in losses. Pure: nobody is called. */
export function previewTranslation(input: Omit<Input, 'to'>, destination: Destination, parts: PreviewParts): Preview {
  const { maxOutputTokens: _max, ...wire } = destination;
  const bytes = encoder.encode(input.body);
  const peeked = peekBody(input.clientProtocol, bytes);
  const target = { ...wire, lane: laneOf(peeked, input, destination) };
  if (target.lane === 'raw') return { target, body: edited(bytes, peeked, destination), losses: [] };
  const { body, losses } = openExchange(input.body, {
    ...{ client: input.clientProtocol, target: target.protocol, vendor: target.vendor, stream: input.stream },
    ...{ upstreamModel: target.upstreamModel, model: target.model, headers: input.headers, signer: parts.signer },
    maxOutputTokens: destination.maxOutputTokens,
    createdAt: Math.floor(parts.nowMs / 1_000),
  });
  const refused = refusalOf(losses, input, `${target.model} at ${target.vendor}`);
  return { target, body, losses: losses.map(told), ...(refused && { refused }) };
}

/** What ingress and router decide together: bytes pass where nothing of ours is in them and their reader reads all of them. */
function laneOf(
  peeked: PeekedBody,
  { clientProtocol, body }: Omit<Input, 'to'>,
  { lane, vendor, upstreamModel }: Destination,
): Destination['lane'] {
  if (lane === 'ir' || peeked.usesState || holdsCapsule(body)) return 'ir';
  const count = (text: string): number => body.split(text).length - 1;
  return rawLaneAllows({ ...peeked, protocol: clientProtocol, vendor, upstreamModel, count }) ? 'raw' : 'ir';
}

/** Whether a body carries state that no vendor may see. */
export const holdsCapsule = (body: string): boolean => CAPSULE_MARKS.some((mark) => body.includes(mark));

const edited = (bytes: Uint8Array, peeked: PeekedBody, { upstreamModel }: Destination): string =>
  decoder.decode(applyEdits(bytes, rawLaneEdits(peeked, upstreamModel).edits));

const told = ({ code, path, effect }: Loss): Preview['losses'][number] => ({
  ...{ code, path, effect },
  what: LOSSES[code].what,
});

function refusalOf(losses: readonly Loss[], policy: LossPolicy, target: string): Preview['refused'] {
  try {
    refuseLosses(losses, policy, target);
    return undefined;
  } catch (thrown) {
    const { kind, message, details } = GatewayError.from(thrown);
    if (kind !== 'unsupported') throw thrown;
    const [code, path] = [String(details?.['code']), String(details?.['path'])];
    return { code, path, message, permit: `x-gateway-allow: ${code}` };
  }
}
