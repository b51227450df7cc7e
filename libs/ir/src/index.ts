export { type Capsule, type CapsuleKind, type CapsuleOrigin } from './capsule.js';
export { type GrowingPart, type StreamEvent, type WholePart } from './event.js';
export { type Finish, type FinishReason } from './finish.js';
export { foldStream } from './fold.js';
export {
  formatLoss,
  LOSSES,
  findRefusedLoss,
  refuseLosses,
  type Encoded,
  type Loss,
  type LossCode,
  type LossPolicy,
} from './loss.js';
export {
  type CacheMark,
  type Citation,
  type DocumentPart,
  type MediaPart,
  type MediaSource,
  type OpaquePart,
  type Part,
  type ReasoningPart,
  type RefusalPart,
  type ResponsePart,
  type SearchResultPart,
  type ServerToolCallPart,
  type ServerToolFamily,
  type ServerToolResultPart,
  type TextPart,
  type ToolCallPart,
  type ToolReferencePart,
  type ToolResultContent,
  type ToolResultPart,
} from './part.js';
export { type Extensions, type Raw } from './raw.js';
export {
  EFFORTS,
  type Caching,
  type CustomTool,
  type Effort,
  type FunctionTool,
  type GenerateRequest,
  type HostedTool,
  type Identity,
  type Limits,
  type OutputFormat,
  type ReasoningRequest,
  type Sampling,
  type StateRequest,
  type SystemSegment,
  type Tier,
  type ToolChoice,
  type ToolDefinition,
  type ToolHint,
  type Turn,
  type WebSearch,
} from './request.js';
export { type GenerateResponse } from './response.js';
export { unfoldResponse } from './unfold.js';
export { findStreamFault } from './well-formed.js';
