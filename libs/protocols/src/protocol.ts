import type { ProtocolName } from '@bytespike/kernel';
import type { CapsuleKind, Encoded, GenerateRequest, GenerateResponse, LossCode, StreamEvent } from '@bytespike/ir';
import type { z } from 'zod';

import type { Layout } from './losses.js';
import type { StreamForm } from './meter/stream-reader.js';
import type { SseFields } from './sse.js';

/** A pure, resumable translation of one stream. No timers, no I/O, no clock. */
export interface StreamStep<In, Out, State, Given = unknown> {
  start(given?: Given): State;
  step(state: State, item: In): readonly [State, readonly Out[]];
  /** What is still owed when the input has ended cleanly. */
  end(state: State): readonly Out[];
}

/** Who a request is written for: the vendor decides spelling within its protocol (see compatibility/). */
export interface Addressee {
  readonly vendor: string;
  /** The catalogue's limit of the model, for wires that require one. */
  readonly maxOutputTokens?: number;
}

/** Who an answer comes from: some vendors put into one field what others keep apart. */
export interface Speaker {
  readonly vendor: string;
  readonly upstreamModel: string;
}

/** What a protocol accepts as a name. Longer or stranger ones are mapped, and mapped back. */
export interface NameRule {
  readonly pattern: RegExp;
  readonly lengthMax: number;
}

/**
 * How clients of a wire hold the opaque state of reasoning (protocols 2.6). In the hub, state without text is a
 * redacted reasoning part: right before the call it belongs to, or right behind its text.
 */
export interface ReasoningState {
  /** The kind of capsule a client hands back whatever is in it: beside reasoning that is shown, and by itself. */
  readonly sealed: { readonly shown: CapsuleKind; readonly hidden: CapsuleKind };
  /** What a client is given of reasoning, by what it asked: its text and its state, its state alone, or nothing. */
  readonly given: (asked: GenerateRequest) => 'all' | 'state' | 'nothing';
  /** Whether an answer's text may be followed by state alone; some clients take what stands last for the answer. */
  readonly behindText: 'given' | 'left-out';
  /** Whether clients hand back what they were given; for those that may not, it is remembered (side store, 2.6). */
  readonly handedBack: 'surely' | 'perhaps';
  /** Whether a vendor wants the reasoning of earlier turns. */
  readonly takesBack: (vendor: string, upstreamModel: string) => boolean;
  /** How a vendor says that it cannot verify the state it was sent (T41). */
  readonly unverified?: RegExp;
}

/** How a vendor that pauses in the middle of an answer is asked to go on (protocols 2.9). */
export interface Continuing {
  /** Whether an answer to this may be paused and has to be sent back then, so that it is kept until its end. */
  readonly replays: (asked: GenerateRequest) => boolean;
  /** The request that lets the vendor go on with its answer; `undefined` where none does. */
  readonly goOn: (
    asked: GenerateRequest,
    paused: Pick<GenerateResponse, 'parts' | 'finish'>,
  ) => GenerateRequest | undefined;
}

/** Forms of tools that a vendor takes as they are; the others are rewritten for it, and restored in its answers. */
export interface ToolForms {
  /** Free text as arguments: `wrap` offers a function with one string. */
  readonly custom: 'send' | 'wrap';
  /** Tools in named groups: `flatten` puts the group into the tool's name. */
  readonly namespaces: 'send' | 'flatten';
}

/**
 * One wire language, both directions and both roles. A client speaks `toIr.request`, `fromIr.response` and
 * `stream.encode`; a vendor the other three. Failures are in the folder's errors.ts, the raw lane's reading in meter.ts.
 */
export interface Protocol<Request, Response, Chunk, Decoding, Encoding> extends Layout {
  readonly name: ProtocolName;
  readonly schema: {
    readonly request: z.ZodType<Request>;
    readonly response: z.ZodType<Response>;
    readonly chunk: z.ZodType<Chunk>;
  };
  readonly toIr: {
    request(wire: Request): GenerateRequest;
    response(wire: Response, from?: Speaker): GenerateResponse;
  };
  readonly fromIr: {
    request(ir: GenerateRequest, to: Addressee): Encoded<Request>;
    /** What was asked is known to wires whose answers repeat it; without it they repeat nothing. */
    response(ir: GenerateResponse, asked?: GenerateRequest): Encoded<Response>;
  };
  readonly stream: {
    readonly decode: StreamStep<Chunk, StreamEvent, Decoding, Speaker>;
    /** An `error` event writes nothing: whoever holds the connection ends it in the dialect's error form. */
    readonly encode: StreamStep<StreamEvent, Chunk, Encoding, GenerateRequest>;
  };
  readonly framing: {
    /** One SSE record as the value `schema.chunk` reads; `undefined` where the record carries none. */
    read(record: SseFields): unknown;
    write(chunk: Chunk): string;
    /** Whether its clients read past SSE comments. */
    readonly comments: 'tolerated' | 'refused';
    /** How a client with this query reads a stream, where its wire has another form than events. */
    readonly form?: (query: string) => StreamForm;
  };
  readonly names: {
    readonly tool: NameRule;
    readonly call: NameRule;
  };
  readonly reasoning: ReasoningState;
  /** Absent where vendors do not pause. */
  readonly continuing?: Continuing;
  /** What a vendor of this wire takes. */
  readonly toolForms: (vendor: string, upstreamModel: string) => ToolForms;
  /** Losses of this protocol's own fields elsewhere; a field without a row is `L87`. */
  readonly foreignFields: Readonly<Record<string, LossCode>>;
  /** Headers that ask for features; another protocol has no counterpart for them. */
  readonly featureHeaders: readonly string[];
  /** Whether a stream reports usage only to callers who asked for it. */
  readonly usageOnRequest: boolean;
}
