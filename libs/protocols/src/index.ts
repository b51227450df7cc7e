export { CAPSULE_MARKS } from './capsule-marks.js';
export { accountErrorAnswer } from './errors/account-surface.js';
export { errorCode } from './errors/error-code.js';
export { isInForeignEnvelope } from './errors/foreign-envelope.js';
export type {
  ErrorAnswer,
  StreamSeen,
  TellableError,
  VendorAnswer,
  VendorFailure,
  WireErrors,
} from './errors/wire-errors.js';
export { openStreamReader, type StreamForm, type StreamReader } from './meter/stream-reader.js';
export type { MeterReading, RecordSign, StreamMeter, WireMeter } from './meter/wire-meter.js';
export { keepsZeroOutput } from './compatibility/keeps-zero-output.js';
export { countAnswer, estimatedTokens, vendorQuestion, type VendorQuestion } from './counting/count-request.js';
export { isFinalRecord } from './openai-responses/final-record.js';
export { applyEdits, rawLaneEdits } from './peek/edits.js';
export type { IncludeUsage, InputFacts, OfferedSearches, PeekedBody, PeekedString } from './peek/peeked-body.js';
export { requestFeatures } from './peek/request-features.js';
export {
  countInput,
  peekBody,
  rawLaneAllows,
  streamFormOf,
  WIRES,
  type RawLaneQuestion,
  type Wire,
} from './registry.js';
export { readBody } from './translation/read-body.js';
export { createSseSplitter, readSseRecord, type SseFields } from './sse.js';
export { PROTOCOL_OWNERS } from './owners.js';
export type { CapsuleSigner } from './translation/reasoning/capsules.js';
export type { ExchangeOptions } from './translation/exchange-options.js';
export { openExchange, readExchange, type Exchange, type Reading, type Remembered } from './translation/exchange.js';
export type { Continuation } from './translation/rounds.js';
export type { Memory } from './translation/reasoning/remembered-reasoning.js';
export type { TranslatedPiece, TranslatedStream } from './translation/translate-stream.js';
export type { TranslatedAnswer, TranslatedWhole } from './translation/translate-whole.js';
