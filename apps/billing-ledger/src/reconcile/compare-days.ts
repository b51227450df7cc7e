import { PIECE_CLASSES, type NanoUsd } from '@bytespike/kernel';

import type { DeliveredDay, FreeDay } from '../sql/vendor-usage.js';
import type { VendorDay } from './read-export.js';

/** Millionths: an integer, so that nothing is compared in floats. */
export type Ppm = bigint;

export interface Tolerance {
  readonly tokens: Ppm;
  readonly cost: Ppm;
}

interface Amounts {
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** Zero where an export says nothing of them; then they are not compared. */
  readonly images: bigint;
  readonly seconds: bigint;
  readonly cost: NanoUsd;
}

type VendorAmounts = Omit<Amounts, 'images' | 'seconds'> & Partial<Pick<Amounts, 'images' | 'seconds'>>;

/** A day of one model as the vendor and we see it. */
export interface ComparedDay {
  readonly day: string;
  readonly model: string;
  readonly vendor: Amounts;
  readonly ours: Amounts;
  readonly requests: bigint;
  /** The vendor's less ours. */
  readonly drift: Amounts;
  /** What drifts beyond its tolerance. */
  readonly beyond: readonly (keyof Amounts)[];
  /** Attempts that were free and that the vendor may have billed, and the most they may have cost: what may explain a drift. */
  readonly free: { readonly attempts: bigint; readonly atMost: NanoUsd };
}

const NOTHING: Amounts = { inputTokens: 0n, outputTokens: 0n, images: 0n, seconds: 0n, cost: 0n };
const ONE: Ppm = 1_000_000n;

/** Compares day by day and model by model; a side that knows nothing of one has nothing. */
export function compareDays(
  vendorDays: readonly VendorDay[],
  { delivered, free }: { readonly delivered: readonly DeliveredDay[]; readonly free: readonly FreeDay[] },
  tolerance: Tolerance,
): readonly ComparedDay[] {
  const [theirs, ours, unpaid] = [byKey(vendorDays), byKey(delivered), byKey(free)];
  const said = PIECE_CLASSES.filter((piece) => vendorDays.some((row) => row[piece] !== undefined));
  const keys = [...new Set([...theirs.keys(), ...ours.keys(), ...unpaid.keys()])].sort();
  return keys.map((key) => {
    const [day = '', model = ''] = key.split(' ');
    const [vendor, own] = [amountsOf(theirs.get(key)), amountsOf(ours.get(key))];
    const drift = difference(vendor, own);
    const compared = [...(isMade(own) ? [] : TOKENS), ...said, 'cost' as const];
    const beyond = compared.filter((name) => !isWithin(drift[name], vendor[name], toleranceOf(name, tolerance)));
    const { attempts = 0n, atMost = 0n } = unpaid.get(key) ?? {};
    return {
      day,
      model,
      vendor,
      ours: own,
      requests: ours.get(key)?.requests ?? 0n,
      drift,
      beyond,
      free: { attempts, atMost },
    };
  });
}

const TOKENS = ['inputTokens', 'outputTokens'] as const satisfies readonly (keyof Amounts)[];

/** Whether it was sold by the piece: some vendors count tokens of a film all the same, and we have none to hold against them. */
const isMade = ({ images, seconds }: Amounts): boolean => images + seconds > 0n;

const toleranceOf = (name: keyof Amounts, { tokens, cost }: Tolerance): Ppm => (name === 'cost' ? cost : tokens);

const byKey = <Row extends { readonly day: string; readonly model: string }>(rows: readonly Row[]) =>
  new Map(rows.map((row) => [`${row.day} ${row.model}`, row]));

const amountsOf = ({
  inputTokens,
  outputTokens,
  images = 0n,
  seconds = 0n,
  cost,
}: VendorAmounts = NOTHING): Amounts => ({
  inputTokens,
  outputTokens,
  images,
  seconds,
  cost,
});

const difference = (one: Amounts, other: Amounts): Amounts => ({
  inputTokens: one.inputTokens - other.inputTokens,
  outputTokens: one.outputTokens - other.outputTokens,
  images: one.images - other.images,
  seconds: one.seconds - other.seconds,
  cost: one.cost - other.cost,
});

/** Of what the vendor says: a share of nothing is nothing. */
const isWithin = (drift: bigint, whole: bigint, share: Ppm): boolean =>
  (drift < 0n ? -drift : drift) * ONE <= whole * share;
