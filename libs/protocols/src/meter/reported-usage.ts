import { USAGE_CLASSES, type JsonValue, type Usage, type UsageClass } from '@bytespike/kernel';

/** A reported number: absent counts as zero, and what is not a whole number not below zero is `NaN`. */
export const count = (value: JsonValue | undefined): number =>
  value === undefined || value === null
    ? 0
    : typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : Number.NaN;

/** Usage as reported: believable, or not to be billed. */
export type ReportedUsage = { readonly usage: Usage; readonly quarantined: false } | { readonly quarantined: true };

const UNBELIEVED: ReportedUsage = { quarantined: true };

/** Whether a total that was reported is the sum of its parts; one that was not reported always is. */
export const totals = (total: JsonValue | undefined, ...sums: readonly number[]): boolean =>
  total === undefined || total === null || sums.includes(count(total));

/**
 * Classes computed by subtraction, as usage. A negative or absurd one means that the vendor's numbers contradict each
 * other: then none of them is believed. Classes of zero are left out, except the two everybody asks for.
 */
export function reportedUsage(classes: Partial<Record<UsageClass, number>>, reconciles: 'yes' | 'no'): ReportedUsage {
  if (reconciles === 'no') return UNBELIEVED;
  const usage: Partial<Record<UsageClass, number>> = {};
  for (const name of USAGE_CLASSES) {
    const units = classes[name];
    if (units === undefined || (units === 0 && name !== 'input' && name !== 'output')) continue;
    if (!Number.isSafeInteger(units) || units < 0) return UNBELIEVED;
    usage[name] = units;
  }
  return { usage, quarantined: false };
}
