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
  'stringValue',
  'code',
]);

const encoder = new TextEncoder();
/** Room to encode into where only the length is wanted: what is written here is never read. */
const unread = new Uint8Array(16 * 1024);

/** How many bytes a text takes in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let rest = text; rest !== '';) {
    const { read, written } = encoder.encodeInto(rest, unread);
    bytes += written;
    rest = rest.slice(read);
  }
  return bytes;
}

/** What a whole answer says, by the same count as its stream would be. */
export const unitsSaid = (answer: JsonValue | undefined): number => unitsOfBytes(bytesSaid(answer));

/** As `unitsSaid`, where there is more to come. */
export function bytesSaid(value: JsonValue | undefined): number {
  let sum = 0;
  if (Array.isArray(value)) for (const each of value as readonly JsonValue[]) sum += bytesSaid(each);
  if (!isJsonObject(value)) return sum;
  for (const name of Object.keys(value)) {
    const said = value[name];
    if (!SAID.has(name)) sum += bytesSaid(said);
    else if (typeof said === 'string') sum += utf8Bytes(said);
    // Arguments of a call are an object on two of the wires.
    else sum += isJsonObject(said) ? utf8Bytes(JSON.stringify(said)) : bytesSaid(said);
  }
  return sum;
}
