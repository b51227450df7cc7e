import { USAGE_CLASSES } from '@bytespike/kernel';
import { z } from 'zod';

const units = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** Disjoint usage classes (kernel). Negative or fractional units do not cross a boundary. */
export const Usage = z.partialRecord(z.enum(USAGE_CLASSES), units);
