import { formatUsd, type NanoUsd } from '@bytespike/kernel';

/**
 * An amount as the tasks pages print it: a JSON number of USD (contract 9.1, C17). It is for reading only, nothing is
 * reckoned with it; the number prints as the very decimals of the amount as long as they are fifteen or fewer, which a
 * render of a million dollars would still keep.
 */
export const usdNumber = (amount: NanoUsd): number => Number.parseFloat(formatUsd(amount));
