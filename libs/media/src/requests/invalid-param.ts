import { GatewayError } from '@bytespike/kernel';

/** A refusal that names the place in the client's own words, and what would have been taken there. */
export function invalidParam(
  param: string,
  why: string,
  allowed?: readonly (string | number | boolean)[],
): GatewayError {
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
const quoted = (value: string): string => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
