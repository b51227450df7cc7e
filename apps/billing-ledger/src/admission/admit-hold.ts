import { TASKS_REPORTER, type Hold } from '@bytespike/contracts';
import type { GroupCommit } from '@bytespike/database';
import { GatewayError, type NanoUsd } from '@bytespike/kernel';
import { affordablePieces, type PriceCandidate } from '@bytespike/pricing';
import { reached } from '@bytespike/service';

import { accountingOf } from '../domain/accounting.js';
import { freesAt } from '../domain/frees-at.js';
import { firstLimit, type Limit } from '../domain/limit.js';
import { refusalOf, type Affordable } from '../domain/refusal.js';
import { voided } from '../domain/settlement.js';
import {
  leastOutput,
  mayStartShort,
  outputWithin,
  sizeHold,
  wantedOutput,
  type HoldRequest,
  type SizedHold,
} from '../domain/size-hold.js';
import { isRolling } from '../domain/spans.js';
import { isHeldUp, leastRoom, type Counter, type Standing } from '../domain/standing.js';
import type { Grants } from './grants.js';
import { SecondLooks } from './second-looks.js';
import type { HoldResult, SettledBucket, StandingQuery, StoredHold } from '../store/ledger-store.js';
import type { PriceBook } from '../prices/price-book.js';

export interface AdmissionPorts {
  readonly prices: PriceBook;
  readonly holds: GroupCommit<SizedHold, HoldResult>;
  readonly standings: GroupCommit<StandingQuery, Standing>;
  readonly buckets: GroupCommit<Counter, readonly SettledBucket[]>;
  readonly grants: Pick<Grants, 'carve' | 'admitted' | 'giveBack' | 'end'>;
  /** How long is waited before each further look at what only open holds refuse. */
  readonly looksAgainMs: readonly number[];
}

/** How often a request may be tried again, or a stream cut to what is affordable, while others spend from the same wallet. */
const SHRINKS_MAX = 3;

/**
 * Reserves the worst case of one request, or says why not. Nothing reaches a vendor before this has answered, and whoever has
 * waited until `deadline` (epoch milliseconds) hears no answer any more.
 */
export async function admitHold(request: HoldRequest, ports: AdmissionPorts, deadline = Infinity): Promise<Hold> {
  if (request.operation === 'count') return admitFree(request, ports);
  const candidates = await ports.prices.candidates(request.priceVersions);
  let hold = sizeHold(request, candidates, wantedOutput(request));
  // A render may be open for a day, and no grant is that old.
  const admission = request.units ? undefined : ports.grants.carve(hold);
  if (admission) {
    reached('ledger.hold.carved');
    return { ...answer(admission.hold, admission.standing), carved: admission.carved };
  }
  const looks = new SecondLooks(ports.looksAgainMs);
  let shrinks = 0;
  for (;;) {
    const result = await holdOrGiveBack(hold, ports);
    if (result.kind === 'admitted') {
      if (Date.now() >= deadline && !isAskedByMany(request)) throw await tooLate(request, ports);
      if (!request.units) ports.grants.admitted(hold, result);
      return answer(hold, result);
    }
    if (result.kind === 'known') return answerReplay(hold, result.hold, result);
    const room = leastRoom(result);
    const affordable = outputWithin(request, candidates, room);
    const isShort = mayStartShort(request, affordable);
    // Otherwise others took what there was and gave it back before we were answered.
    const isKeptOut = hold.amount > room;
    const isRefused = isKeptOut && !isShort;
    const needed = () => sizeHold(request, candidates, leastOutput(request)).amount;
    if (isRefused && isHeldUp(result, needed()) && (await looks.next())) continue;
    shrinks += 1;
    if (isRefused || shrinks > SHRINKS_MAX) throw await refusal(request, candidates, result, ports);
    if (isKeptOut) hold = sizeHold(request, candidates, Math.min(affordable, hold.maxOutputTokens));
  }
}

/** Twins of one task ask for one hold, and another of them may have its answer; a row that nobody goes on with ends it. */
const isAskedByMany = ({ reporter }: HoldRequest): boolean => reporter === TASKS_REPORTER;

/** Whoever asked has said that nothing ran, and what was said may have come before there was a hold to end. */
async function tooLate({ requestId }: HoldRequest, { grants }: AdmissionPorts): Promise<GatewayError> {
  await grants.end(voided(requestId));
  return new GatewayError('unavailable', 'the hold came when nobody waited for it any more');
}

/** Nobody is refused for money that a grant of this ledger holds back and no request needs. */
async function holdOrGiveBack(hold: SizedHold, { holds, grants }: AdmissionPorts): Promise<HoldResult> {
  const result = await holds.submit(hold);
  return result.kind === 'refused' && (await grants.giveBack(hold.accountId)) ? holds.submit(hold) : result;
}

/**
 * Counting is free, so it needs no money and leaves no hold: one read of the wallet, shared with whoever asks at the
 * same moment, admits it. A store that cannot answer refuses it too, so that nothing reaches a vendor unadmitted.
 */
async function admitFree({ accountId, caps }: HoldRequest, { standings }: AdmissionPorts): Promise<Hold> {
  const standing = await standings.submit({ accountId, caps });
  return { amount: 0n, basis: 'free', maxOutputTokens: 0, accounting: accountingOf(standing) };
}

const answer = (hold: Pick<StoredHold, 'amount' | 'basis' | 'maxOutputTokens'>, standing: Standing): Hold => ({
  amount: hold.amount,
  basis: hold.basis,
  maxOutputTokens: hold.maxOutputTokens,
  accounting: accountingOf(standing),
});

/** The same request gets the same answer; another one under its id, or one that is over, must not run on it. */
function answerReplay(hold: SizedHold, stored: StoredHold, standing: Standing): Hold {
  if (stored.inputHash !== hold.hashInput())
    throw new GatewayError('conflict', 'This request id is in use for another request.');
  if (stored.state !== 'held') throw new GatewayError('conflict', 'The request with this id is over.');
  return answer(stored, standing);
}

async function refusal(
  request: HoldRequest,
  candidates: readonly PriceCandidate[],
  standing: Standing,
  ports: AdmissionPorts,
): Promise<GatewayError> {
  const needed = sizeHold(request, candidates, wantedOutput(request));
  const limit = firstLimit(standing, needed.amount);
  if (!limit) return new GatewayError('unavailable', 'too many ask for the same money at once');
  const affordable = affordableOf(request, candidates, leastRoom(standing));
  return refusalOf({ standing, limit, affordable, ...needed, freesAt: await freeingOf(limit, needed, ports) });
}

/** What would have fitted, as advice to whoever is refused: of several answers each may be as long as is said. */
function affordableOf(request: HoldRequest, candidates: readonly PriceCandidate[], room: NanoUsd): Affordable {
  if (request.units) return affordablePieces(request.units, candidates, room);
  return { outputTokens: Math.floor(outputWithin(request, candidates, room) / (request.choices ?? 1)) };
}

/** When a window has room for a hold; a wallet and a quota free nothing by themselves. */
async function freeingOf(limit: Limit, { accountId, amount }: SizedHold, { buckets }: AdmissionPorts) {
  if (limit === 'wallet' || !isRolling(limit.cap.span)) return undefined;
  const { subject, span } = limit.cap;
  return freesAt(limit, amount, await buckets.submit({ accountId, subject, span }));
}
