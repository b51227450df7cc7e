export { flatTaskJson } from './answers/flat-task-json.js';
export { taskJson } from './answers/task-json.js';
export { REPEAT_NAME, type AssetLinks } from './answers/task-parts.js';
export { usdNumber } from './answers/usd-number.js';
export { videoTaskJson } from './answers/video-task-json.js';
export { MEDIA_LIMITS } from './media-limits.js';
export type {
  AskingMany,
  Asking,
  AssetFacts,
  Cancelling,
  ImageVendor,
  LookedUp,
  LookingUp,
  LostSubmit,
  MediaAddressee,
  MediaVendor,
  StatusContext,
  VideoVendor,
} from './media-vendor.js';
export { estimatedImageSeconds, estimatedVideoSeconds } from './models/estimated-seconds.js';
export { fitImage } from './models/fit-image.js';
export { fitVideo } from './models/fit-video.js';
export type { ImageModel } from './models/image-model.js';
export type { ModelNames } from './models/row-name.js';
export type { VideoModel } from './models/video-model.js';
export {
  findImageModel,
  findVideoModel,
  IMAGE_VENDORS,
  imageWire,
  VIDEO_VENDORS,
  videoWire,
  type ImageWire,
  type MediaTarget,
  type VideoWire,
} from './registry.js';
export type { ImageRequest, ImageWish, PictureFormat, PictureSize } from './requests/image-request.js';
export { invalidParam } from './requests/invalid-param.js';
export type { MediaSource } from './requests/media-source.js';
export {
  readImageEdit,
  readImageEditForm,
  readImageGeneration,
  type FormField,
  type ImageCall,
} from './requests/read-image-call.js';
export { readImageWish } from './requests/read-image-wish.js';
export { readSubmission, type Submission } from './requests/read-submission.js';
export { readVideoWish } from './requests/read-video-wish.js';
export { OutTaskId } from './requests/scalars.js';
export type { Reading } from './requests/spelled-fields.js';
export type {
  FrameInput,
  FrameRatio,
  FrameRole,
  Resolution,
  VideoRequest,
  VideoWish,
} from './requests/video-request.js';
export {
  cancelledUnits,
  earnedUnits,
  mostImageUnits,
  mostVideoUnits,
  type JudgedRender,
  type MediaUnits,
} from './units/media-units.js';
export { requestsPerCall } from './units/requests-per-call.js';
export { unsentOfImage, unsentOfVideo } from './unsent-fields.js';
export type { MediaErrors, MediaFailure } from './wire/media-errors.js';
export type { PictureEvent } from './wire/picture-event.js';
export type { Submitted } from './wire/read-answer.js';
export type { AssetReference, Progress, Rendered, RenderState, RenderStatus } from './wire/render-status.js';
export type { FormPart, SubmitCall, VendorBody, VendorCall } from './wire/vendor-call.js';
export type { InputForm } from './wire/wire-source.js';
