import type { StreamFunction, translation } from '@bytespike/contracts';
import type { CapsuleSigner, ExchangeOptions } from '@bytespike/protocols';

/** What a translation is asked, besides the client's bytes. */
export type TranslationInput = Parameters<StreamFunction<(typeof translation)['run']>>[0]['input'];

export interface ExchangePorts {
  /** Signs what an account is given for safe-keeping. */
  signerOf(accountId: string): CapsuleSigner;
  /** Epoch milliseconds. */
  now(): number;
}

/** How one call is translated, from what its caller says of it. */
export function exchangeOptions(input: TranslationInput, { signerOf, now }: ExchangePorts): ExchangeOptions {
  const { clientProtocol, target, stream, headers, query, accountId, maxOutputTokens, clientState } = input;
  return {
    ...{ client: clientProtocol, target: target.protocol, vendor: target.vendor, stream },
    ...{ channel: target.channelId, signer: signerOf(accountId) },
    ...{ upstreamModel: target.upstreamModel, model: target.model, headers, query, maxOutputTokens },
    ...(clientState && { clientState }),
    createdAt: Math.floor(now() / 1_000),
  };
}
