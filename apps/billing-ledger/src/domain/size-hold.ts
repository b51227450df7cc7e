import { hash } from 'node:crypto';

import type { billing, Cap, Hold } from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';
import { affordableOutput, upperBound, type PriceCandidate } from '@bytespike/pricing';
import type { z } from 'zod';

import { piecesOf, sizeOfPieces } from './size-pieces.js';

export type HoldRequest = z.output<(typeof billing.hold)['input']>;

/** A hold as the store admits it. */
export interface SizedHold {
  readonly requestId: string;
  readonly accountId: string;
  readonly keyId: string;
  /** What it counts against. */
  readonly model?: string | undefined;
  readonly memberId?: string | undefined;
  /** The process that will report its end: when that has died, nobody will. */
  readonly reporter: string;
  /** It is admitted against every one of them and the wallet, or not at all. */
  readonly caps: readonly Cap[];
  /** Of a grant: for how long it is carved from. It counts as of the end of that time, so that no window frees early. */
  readonly carvedForMs?: number;
  readonly amount: NanoUsd;
  readonly basis: string;
  readonly maxOutputTokens: number;
  readonly priceVersions: readonly string[];
  /** Tells a replay from a request id used for something else; asked for when the hold gets a row, or a request comes twice. */
  readonly hashInput: () => string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** Contract 0.5: a hold lapses this long after the request's deadline. */
const LAPSES_AFTER_MS = 15 * 60_000;

/** Contract 0.5: a stream may start short, but not with less than this. */
const SHORT_STREAM_TOKENS_MIN = 1_024;

/** More output than any model makes; keeps a caller's absurd number within the column. */
const OUTPUT_TOKENS_MAX = 1_000_000_000;

/** A million USD. No wallet covers it, and below it nothing can overflow the column. */
const AMOUNT_MAX: NanoUsd = 1_000_000n * 1_000_000_000n;

/** What the caller asked for, else the model's own limit. A render says nothing. */
export const wantedOutput = (request: HoldRequest): number =>
  request.units ? 0 : Math.min(request.maxOutputTokens ?? request.modelMaxOutputTokens, OUTPUT_TOKENS_MAX);

/** The hold for a given output, or for all pieces of a render: the worst case at the dearest target of the plan. */
export function sizeHold(
  request: HoldRequest,
  candidates: readonly PriceCandidate[],
  maxOutputTokens: number,
): SizedHold {
  const { amount, basis } = request.units
    ? sizeOfPieces(request.units, candidates)
    : sizeOfTokens(request, candidates, maxOutputTokens);
  return {
    requestId: request.requestId,
    accountId: request.accountId,
    keyId: request.keyId,
    model: request.model,
    memberId: request.memberId,
    reporter: request.reporter,
    caps: request.caps,
    amount: amount < AMOUNT_MAX ? amount : AMOUNT_MAX,
    basis,
    maxOutputTokens,
    priceVersions: request.priceVersions,
    hashInput: () => hashOf(request),
    expiresAt: request.deadline + LAPSES_AFTER_MS,
  };
}

function sizeOfTokens(
  request: HoldRequest,
  candidates: readonly PriceCandidate[],
  maxOutputTokens: number,
): Pick<Hold, 'amount' | 'basis'> {
  const { inputTokensUpperBound: inputTokens, searchCalls = 0 } = request;
  const { amount, dearest } = upperBound({ inputTokens, searchCalls, maxOutputTokens, candidates });
  const words = [`input=${inputTokens}`, `output=${maxOutputTokens}`, ...searchesOf(request), `price=${dearest}`];
  return { amount, basis: words.join(' ') };
}

/** In words for a header, and for what tells a request from another. */
const searchesOf = ({ searchCalls }: HoldRequest): readonly string[] =>
  searchCalls ? [`searches=${searchCalls}`] : [];

/** The output an available balance pays for, at most what was wanted; none of a render. */
export function outputWithin(request: HoldRequest, candidates: readonly PriceCandidate[], available: NanoUsd): number {
  const { inputTokensUpperBound: inputTokens, searchCalls = 0, units } = request;
  const limit = wantedOutput(request);
  return units ? 0 : affordableOutput({ inputTokens, searchCalls, candidates, available, limit });
}

/** The output without which a request is refused. */
export const leastOutput = (request: HoldRequest): number =>
  request.stream ? Math.min(SHORT_STREAM_TOKENS_MIN, wantedOutput(request)) : wantedOutput(request);

/** Whether a request that does not fit may start with less output than it wants. */
export const mayStartShort = (request: HoldRequest, affordable: number): boolean =>
  request.stream && affordable >= SHORT_STREAM_TOKENS_MIN;

/** Over the facts of the request, not over what was admitted: a shrunken hold is still the same request. */
function hashOf(request: HoldRequest): string {
  const { accountId, keyId, operation, priceVersions, inputTokensUpperBound, stream, units } = request;
  const output = wantedOutput(request);
  const more = [...searchesOf(request), ...piecesOf(units)];
  const facts = [accountId, keyId, operation, priceVersions, inputTokensUpperBound, output, stream, ...more];
  return hash('sha256', JSON.stringify(facts), 'base64url').slice(0, 22);
}
