import { GatewayError } from '@bytespike/kernel';

/** A refusal that names the place in the client's own words, and what would have been taken there. */
export function invalidParam(
  place: string,
  why: string,
  allowed?: readonly (string | number | boolean)[],
): GatewayError {
  const param = shortened(place, PLACE_SHOWN_MAX);
  const told = allowed === undefined ? '' : ` (allowed: ${allowed.length > 0 ? allowed.join(', ') : 'none'})`;
  return new GatewayError('invalid-request', `${param}: ${why}${told}`, {
    details: { param, ...(allowed === undefined ? {} : { allowed }) },
  });
}

/** The value itself, when it is one of those a model takes; a refusal that names them otherwise. */
export function oneOf<Value extends string>(allowed: readonly Value[], value: string, param: string): Value {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalidParam(param, `the model does not take ${quoted(value)}`, allowed);
  return found;
}

/** A client's value in a sentence; a long one is no value anybody meant. */
const quoted = (value: string): string => JSON.stringify(shortened(value, VALUE_SHOWN_MAX));

const VALUE_SHOWN_MAX = 40;
/** A field nobody knows may be as long as a body; no refusal is. */
const PLACE_SHOWN_MAX = 200;

const shortened = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max)}…` : text);
