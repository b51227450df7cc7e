import { isJsonObject, type JsonValue } from '@bytespike/kernel';

/**
 * Our own count of output, for answers whose vendor never said. Four bytes to a unit is on the low side for every
 * tokenizer we know, and it is rounded down: a doubt is the caller's gain (contract 0.5).
 */
const BYTES_PER_UNIT = 4;

export const unitsOfBytes = (bytes: number): number => Math.floor(bytes / BYTES_PER_UNIT);

/** Members under which the four protocols put what a model said; everything around them is envelope. */
const SAID: ReadonlySet<string> = new Set([
  'text',
  'thinking',
  'content',
  'reasoning_content',
  'reasoning',
  'refusal',
  'arguments',
  'input',
  'args',
  'code',
]);

const encoder = new TextEncoder();

/** What a whole answer says, by the same count as its stream would be. */
export const unitsSaid = (answer: JsonValue | undefined): number => unitsOfBytes(bytesSaid(answer));

function bytesSaid(value: JsonValue | undefined): number {
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).reduce((sum: number, each) => sum + bytesSaid(each), 0);
  if (!isJsonObject(value)) return 0;
  return Object.entries(value).reduce((sum, [name, said]) => {
    if (!SAID.has(name)) return sum + bytesSaid(said);
    if (typeof said === 'string') return sum + encoder.encode(said).length;
    // Arguments of a call are an object on two of the wires.
    return sum + (isJsonObject(said) ? encoder.encode(JSON.stringify(said)).length : bytesSaid(said));
  }, 0);
}
