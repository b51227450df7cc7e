import type { CallContext, ClientFor, HandlersFor, preview, routing } from '@bytespike/contracts';
import { assert } from '@bytespike/kernel';
import { peekBody, requestFeatures, type CapsuleSigner } from '@bytespike/protocols';

import { holdsCapsule, previewTranslation, type Destination } from './preview-translation.js';

export interface PreviewPorts {
  readonly routing: Pick<ClientFor<typeof routing>, 'plan'>;
  signerOf(accountId: string): CapsuleSigner;
  /** Epoch milliseconds. */
  now(): number;
}

type Input = Parameters<HandlersFor<typeof preview>['translate']>[0];

export const previewHandlers = ({ routing, signerOf, now }: PreviewPorts): HandlersFor<typeof preview> => ({
  translate: async (input, context) =>
    previewTranslation(input, await destinationOf(input, routing, context), {
      // A preview is nobody's request: what an account was given for safe-keeping stays shut.
      signer: signerOf(''),
      nowMs: now(),
    }),
});

const encoder = new TextEncoder();

/** A model goes where a request of its group would go first; a wire named outright is taken at its word. */
async function destinationOf(
  { to, clientProtocol, body, stream }: Input,
  { plan }: PreviewPorts['routing'],
  context: CallContext,
): Promise<Destination> {
  if (to.kind === 'target') return { ...to, lane: to.protocol === clientProtocol ? 'raw' : 'ir' };
  const peeked = peekBody(clientProtocol, encoder.encode(body));
  const features = requestFeatures(peeked, { stream, capsule: holdsCapsule(body) });
  const { groupId, model } = to;
  const planned = await plan({ groupId, protocol: clientProtocol, operation: 'generate', model, features }, context);
  const [first] = planned.targets;
  assert(first !== undefined, 'a plan has a target');
  const { vendor, protocol, upstreamModel, lane } = first;
  return { vendor, protocol, upstreamModel, model: planned.model, lane, maxOutputTokens: planned.maxOutputTokens };
}
