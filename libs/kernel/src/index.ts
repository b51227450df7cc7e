export { assert } from './assert.js';
export {
  ERROR_KINDS,
  errorKinds,
  GatewayError,
  isErrorKind,
  type ErrorDetails,
  type ErrorKind,
  type ErrorTraits,
  type GatewayErrorOptions,
} from './errors.js';
export { isJsonObject, parseJson, tryParseJson, type JsonObject, type JsonValue } from './json.js';
export { LIMITS } from './limits.js';
export {
  formatPicoUsd,
  formatUsd,
  formatUsdCents,
  formatUsdPerMillion,
  parseUsd,
  parseUsdPerMillion,
  roundPicoToNano,
  type NanoUsd,
  type PicoUsd,
} from './money.js';
export { PROTOCOL_NAMES, type ProtocolName } from './protocol-name.js';
export { TransientMap, TransientSet } from './transient.js';
export { addUsage, INPUT_CLASSES, PIECE_CLASSES, USAGE_CLASSES, type Usage, type UsageClass } from './usage.js';
