import type { HandlersFor, preview, Target } from '@bytespike/contracts';
import { LOSSES, refuseLosses, type Loss, type LossPolicy } from '@bytespike/ir';
import { GatewayError } from '@bytespike/kernel';
import { applyEdits, openExchange, peekBody, renameModel, type CapsuleSigner } from '@bytespike/protocols';

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
  const { maxOutputTokens: _max, ...target } = destination;
  if (target.lane === 'raw') return { target, body: renamed(input, destination), losses: [] };
  const { body, losses } = openExchange(input.body, {
    ...{ client: input.clientProtocol, target: target.protocol, vendor: target.vendor, stream: input.stream },
    ...{ upstreamModel: target.upstreamModel, model: target.model, headers: input.headers, signer: parts.signer },
    maxOutputTokens: destination.maxOutputTokens,
    createdAt: Math.floor(parts.nowMs / 1_000),
  });
  const refused = refusalOf(losses, input, `${target.model} at ${target.vendor}`);
  return { target, body, losses: losses.map(told), ...(refused && { refused }) };
}

/** The raw lane's one edit that every vendor gets. */
function renamed({ clientProtocol, body }: Omit<Input, 'to'>, { upstreamModel }: Destination): string {
  const bytes = encoder.encode(body);
  const edit = renameModel(peekBody(clientProtocol, bytes), upstreamModel);
  return decoder.decode(applyEdits(bytes, edit ? [edit] : []));
}

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
