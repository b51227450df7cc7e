import type { JsonValue } from '@bytespike/kernel';
import type { VendorAnswer } from '@bytespike/protocols';

import type { ImageRequest } from './requests/image-request.js';
import type { VideoRequest } from './requests/video-request.js';
import type { MediaErrors } from './wire/media-errors.js';
import type { PictureEvent } from './wire/picture-event.js';
import type { Submitted } from './wire/read-answer.js';
import type { RenderStatus } from './wire/render-status.js';
import type { SubmitCall, VendorCall } from './wire/vendor-call.js';
import type { InputForm } from './wire/wire-source.js';

/** To whom a request is written. */
export interface MediaAddressee {
  readonly upstreamModel: string;
  /**
   * A number that tells this submit from others, for wires that carry one back: where a seed was not asked for, it is
   * the seed, and a lost submit is found by it. Below 2^31.
   */
  readonly mark?: number;
}

/** What is known of a render when its vendor has been asked about it. */
export interface StatusContext {
  /** Epoch milliseconds. */
  readonly submittedAt: number;
}

/** A vendor that renders on its own time: asked about a render again and again. */
export interface Asking {
  readonly request: (upstreamId: string) => VendorCall;
  readonly answer: (answer: VendorAnswer, context: StatusContext) => RenderStatus;
}

/** Several renders in one question. */
export interface AskingMany {
  readonly rendersMax: number;
  readonly request: (upstreamIds: readonly string[]) => VendorCall;
  /** Renders that the answer does not name are absent; an answer nobody can read names none. */
  readonly answer: (answer: VendorAnswer) => ReadonlyMap<string, RenderStatus>;
}

/** A submit whose answer was lost. */
export interface LostSubmit<Request> {
  readonly asked: Request;
  readonly to: MediaAddressee;
  /** Epoch milliseconds: when it was sent, and until when it may have arrived. */
  readonly sentAt: number;
  readonly arrivedBy: number;
  /** Renders that are other tasks'. */
  readonly known: ReadonlySet<string>;
}

export type LookedUp =
  /** `isCertain` where it can be no other's: what is only likely may be a submit's that is still under way. */
  | { readonly type: 'found'; readonly upstreamId: string; readonly isCertain: boolean }
  /** It never arrived, so it may be sent again. Only a whole list says this. */
  | { readonly type: 'absent' }
  /** Nobody can tell: a person looks. */
  | { readonly type: 'unclear' };

/** How a vendor is asked for a render whose id was lost. */
export interface LookingUp<Request> {
  readonly request: (lost: LostSubmit<Request>) => VendorCall;
  readonly answer: (answer: VendorAnswer, lost: LostSubmit<Request>) => LookedUp;
}

/** What a vendor does about a render nobody wants any more. */
export interface Cancelling {
  /** States in which it can be stopped; empty where it has no such call. It must have just been seen in one of them. */
  readonly while: readonly ('queued' | 'running')[];
  /** What a stopped render costs us; one that cannot be stopped costs what it renders. */
  readonly bills: 'nothing' | 'what it reports';
  readonly request?: (upstreamId: string) => VendorCall;
  readonly answer?: (answer: VendorAnswer) => 'stopped' | 'too-late' | 'unclear';
}

/** What was made, at the vendor's. */
export interface AssetFacts {
  /** After which it is gone. */
  readonly lifetimeMs: number;
  /** By when our copy should be made (media-ledger-reliability 1.7). */
  readonly copyWithinMs: number;
}

/** One wire, whole: pure mappings and facts. Who calls, waits and keeps is elsewhere. */
export interface MediaVendor<Request> {
  /** In which forms inputs must be when a request is written; files are streamed and stay where they are. */
  readonly inputs: readonly InputForm[];
  /** How many pictures or films one call makes; more are several calls (`requestsPerCall`). */
  readonly perCallMax: number;
  readonly submit: {
    readonly request: (asked: Request, to: MediaAddressee) => SubmitCall;
    readonly answer: (answer: VendorAnswer) => Submitted;
    /** One record of a streamed answer; absent where the vendor does not stream, `undefined` for one that says nothing we know. */
    readonly event?: (record: JsonValue) => PictureEvent | undefined;
  };
  /** Absent where a submit is answered with what was made. */
  readonly status?: Asking;
  readonly statusMany?: AskingMany;
  /** Absent where the vendor has no list: a lost submit needs a person. */
  readonly lookUp?: LookingUp<Request>;
  readonly cancel: Cancelling;
  readonly assets: AssetFacts;
  readonly errors: MediaErrors;
}

export type VideoVendor = MediaVendor<VideoRequest>;
export type ImageVendor = MediaVendor<ImageRequest>;

/** Of vendors without such a call. */
export const CANNOT_CANCEL: Cancelling = { while: [], bills: 'nothing' };
