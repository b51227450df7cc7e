export { account, AccountProfile, ApiKey, MemberId } from './account.js';
export { ALL_CONTRACTS } from './all.js';
export {
  Accounting,
  billing,
  Cap,
  Carved,
  Hold,
  HoldRequest,
  MediaUnits,
  Span,
  SpendWindow,
  StatedOutcome,
  TASKS_REPORTER,
  UsageFact,
  UsageRow,
} from './billing.js';
export { book, QuarantinedFact } from './book.js';
export { configuration } from './configuration.js';
export {
  rpc,
  stream,
  topic,
  type CallContext,
  type ClientFor,
  type Contract,
  type ContractGroup,
  type HandlersFor,
  type RpcContract,
  type RpcFunction,
  type StreamContract,
  type StreamFunction,
  type StreamRequest,
  type StreamSink,
  type TopicContract,
} from './define.js';
export { BodyEdit, generation, StreamHead, translation } from './generation.js';
export { health } from './health.js';
export { KeptAsset, MadeAsset, media, PictureNews, RenderReport, SubmitOutcome, type RenderName } from './media.js';
export {
  AskedImage,
  AskedVideo,
  FRAME_RATIOS,
  FRAME_ROLES,
  KeptSource,
  MediaAsked,
  PICTURE_FORMATS,
  RESOLUTIONS,
} from './media-request.js';
export { NanoUsd } from './money.js';
export { Attempt, Ending, Failure, Finish, Outcome } from './outcome.js';
export { PaymentMethod, payments, TopUp } from './payments.js';
export { preview } from './preview.js';
export { Receipt, ReceiptAttempt, ReceiptCorrection, ReceiptEntry, ReceiptLine, ReceiptTimes } from './receipt.js';
export { Features, MediaPlan, ModelCard, Plan, Principal, routing } from './routing.js';
export { statement, Movement, MovementKind } from './statement.js';
export { storedResponses } from './stored-responses.js';
export { MediaKind, MediaTarget, Operation, Surface, Target } from './target.js';
export { CancelOutlook, Delivery, tasks, TaskView, type TaskName } from './tasks.js';
export { StoredText } from './text.js';
export { Grouping, UsageBucket, UsageQuestion, UsageReport, UsageSums } from './usage-report.js';
export { Usage } from './usage.js';
export { PaymentSource, wallet, WalletMovement } from './wallet.js';
