import type { Call, Credentials, Reply, Route, Wire } from './wire.js';
import { Refusal } from './wire.js';

/** Runs a wire's route; what it refuses becomes the vendor's own error. */
export const answerCall = (wire: Wire, route: Route, call: Call): Reply => {
  try {
    return route.handle(call);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reply = wire.renderFailure(error.failure, call.digest);
    return error.subject === undefined ? reply : { ...reply, subject: error.subject };
  }
};

/** Parses a body, refusing what is not JSON. */
export const parseBody = (raw: Buffer): unknown => {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal({ status: 400, reason: 'malformed-json', message: error.message });
  }
};

/** The usual carrier of a key: `Authorization: Bearer`. */
export const bearerOf = ({ headers }: Credentials): string | undefined => {
  const value = headers.authorization;
  return value !== undefined && /^bearer /i.test(value) ? value.slice(7).trim() : undefined;
};

/** The simulator takes any key that says it is for a simulator, and no other. */
export const isAcceptedKey = (key: string | undefined): key is `sim-${string}` => key?.startsWith('sim-') ?? false;
