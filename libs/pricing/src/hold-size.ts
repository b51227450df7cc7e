import {
  assert,
  INPUT_CLASSES,
  PIECE_CLASSES,
  roundPicoToNano,
  type NanoUsd,
  type PicoUsd,
  type Usage,
  type UsageClass,
} from '@bytespike/kernel';

import { costOf } from './cost-of.js';
import { unitPrice, type UnitPrices } from './unit-prices.js';

/** The prices of one target a plan may use. */
export interface PriceCandidate {
  readonly id: string;
  readonly prices: UnitPrices;
}

/** What is sold by the piece: whole pictures, whole seconds of film. */
export type Pieces = Pick<Usage, 'images' | 'seconds'>;

/** The most that a request can cost at any target of its plan. */
export interface WorstCase {
  readonly amount: NanoUsd;
  /** The price version that decided. */
  readonly dearest: string;
}

/** What a request puts into a model, whatever comes out of it. */
interface Asked {
  readonly inputTokens: number;
  /** Searches that the vendor makes by itself. */
  readonly searchCalls: number;
  readonly candidates: readonly PriceCandidate[];
}

/**
 * The most a request can cost: all input at the dearest input class that a target prices, all output at its
 * dearest output class, and every search, at the dearest target (contract 0.5). Never below `costOf` of any usage within
 * the bounds.
 */
export function upperBound(request: Asked & { readonly maxOutputTokens: number }): WorstCase {
  return dearestTarget(request.candidates, (prices) => worstOf(prices, request));
}

/** The most a render can cost: all of its pieces, at the dearest target. */
export const piecesUpperBound = (pieces: Pieces, candidates: readonly PriceCandidate[]): WorstCase =>
  dearestTarget(candidates, (prices) => costOf(pieces, prices).exact);

/**
 * How much of a render still fits into `available`: as many pieces of the one kind it asks for, at the dearest target. Nothing
 * for a render of several kinds, which may be cut in many ways.
 */
export function affordablePieces(pieces: Pieces, candidates: readonly PriceCandidate[], available: NanoUsd): Pieces {
  const [asked, ...others] = PIECE_CLASSES.filter((piece) => pieces[piece]);
  if (!asked || others.length > 0) return {};
  const dearest = candidates.reduce((most, { prices }) => larger(most, unitPrice(prices, asked)), 0n);
  const most = BigInt(pieces[asked] ?? 0);
  const fitting = dearest === 0n ? most : exactWithin(available) / dearest;
  return { [asked]: Number(fitting < most ? fitting : most) };
}

/** Rounding is half up, so the largest exact amount that still rounds to a sum is just below its upper half. */
const exactWithin = (available: NanoUsd): PicoUsd => available * 1_000n + 499n;

function dearestTarget(candidates: readonly PriceCandidate[], priced: (prices: UnitPrices) => PicoUsd): WorstCase {
  let worst: { readonly id: string; readonly exact: PicoUsd } | undefined;
  for (const { id, prices } of candidates) {
    const exact = priced(prices);
    if (!worst || exact > worst.exact) worst = { id, exact };
  }
  assert(worst, 'a hold needs at least one price');
  return { amount: roundPicoToNano(worst.exact), dearest: worst.id };
}

/** The longest output whose worst case still fits into `available`, at most `limit`; zero when the rest alone does not fit. */
export function affordableOutput(request: Asked & { readonly available: NanoUsd; readonly limit: number }): number {
  const fits = request.candidates.map(({ prices }) => {
    const left = exactWithin(request.available) - besideOutput(prices, request);
    if (left < 0n) return 0n;
    const perToken = dearestOutput(prices);
    return perToken === 0n ? BigInt(request.limit) : left / perToken;
  });
  const least = fits.reduce((smallest, next) => (next < smallest ? next : smallest), BigInt(request.limit));
  return Number(least);
}

const worstOf = (prices: UnitPrices, bounds: Omit<Asked, 'candidates'> & { maxOutputTokens: number }): PicoUsd =>
  besideOutput(prices, bounds) + BigInt(bounds.maxOutputTokens) * dearestOutput(prices);

const besideOutput = (prices: UnitPrices, bounds: Omit<Asked, 'candidates'>): PicoUsd =>
  BigInt(bounds.inputTokens) * dearestInput(prices) + BigInt(bounds.searchCalls) * unitPrice(prices, 'searchCalls');

/** Only classes with a price of their own count: a model without a cache cannot write to one. */
const dearestOf = (prices: UnitPrices, classes: readonly UsageClass[]): PicoUsd =>
  classes.reduce((dearest, usageClass) => larger(dearest, prices[usageClass] ?? 0n), 0n);

const INPUTS: readonly UsageClass[] = [...INPUT_CLASSES, 'imageInput', 'audioInput'];
const OUTPUTS: readonly UsageClass[] = ['output', 'reasoning', 'imageOutput', 'audioOutput'];

const dearestInput = (prices: UnitPrices): PicoUsd => dearestOf(prices, INPUTS);

const dearestOutput = (prices: UnitPrices): PicoUsd => dearestOf(prices, OUTPUTS);

const larger = (one: PicoUsd, other: PicoUsd): PicoUsd => (one > other ? one : other);
