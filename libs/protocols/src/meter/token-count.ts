/**
 * Our own count of output, for streams whose vendor never said. Four bytes to a unit is on the low side for every
 * tokenizer we know, and it is rounded down: a doubt is the caller's gain (contract 0.5).
 */
const BYTES_PER_UNIT = 4;

export const unitsOfBytes = (bytes: number): number => Math.floor(bytes / BYTES_PER_UNIT);
