import type { StreamFunction, translation } from '@bytespike/contracts';
import type { CapsuleSigner, ExchangeOptions } from '@bytespike/protocols';

/** What a translation is asked, besides the client's bytes. */
export type TranslationInput = Parameters<StreamFunction<(typeof translation)['run']>>[0]['input'];

export interface ExchangePorts {
  readonly signer: CapsuleSigner;
  /** Epoch milliseconds. */
  now(): number;
}

/** How one call is translated, from what its caller says of it. */
export function exchangeOptions(input: TranslationInput, { signer, now }: ExchangePorts): ExchangeOptions {
  const { clientProtocol, target, stream, headers, maxOutputTokens } = input;
  return {
    ...{ client: clientProtocol, target: target.protocol, vendor: target.vendor, stream, signer },
    ...{ upstreamModel: target.upstreamModel, model: target.model, headers, maxOutputTokens },
    createdAt: Math.floor(now() / 1_000),
  };
}
