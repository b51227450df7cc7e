import { isJsonObject } from '@bytespike/kernel';
import { z } from 'zod';

/**
 * An object that a caller, a model or a tool wrote, as it is. zod's own record is copied member by member, and the copy
 * leaves `__proto__` out.
 */
export const anyObject = z.custom<Record<string, unknown>>(isJsonObject, 'Invalid input: expected an object');
