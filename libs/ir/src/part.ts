import type { JsonObject, ProtocolName } from '@bytespike/kernel';

import type { Capsule } from './capsule.js';
import type { Raw } from './raw.js';

/** A point up to which the caller wants the prompt cached. */
export interface CacheMark {
  readonly ttl?: '5m' | '30m' | '1h' | '12h';
}

interface Node {
  readonly cache?: CacheMark;
  readonly raw?: Raw;
}

/** Where a statement was taken from; offsets count code points of the part's text. */
export interface Citation {
  readonly url?: string;
  readonly title?: string;
  readonly citedText?: string;
  readonly start?: number;
  readonly end?: number;
  readonly raw?: Raw;
}

/** Words, of whoever's turn it is. */
export interface TextPart extends Node {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly Citation[];
  /** Whether a model said it on the way or as its answer, in its vendor's word; it is wanted back with the text. */
  readonly phase?: string;
  /** Text for the client's own vendor, not for a model: it changes on every call and spoils prefix caches. */
  readonly attribution?: true;
}

/** The model's own words of refusal. */
export interface RefusalPart extends Node {
  readonly type: 'refusal';
  readonly text: string;
}

/** Where the bytes of a medium are. A file's id means something in the store of its protocol's vendor alone. */
export type MediaSource =
  | { readonly type: 'inline'; readonly mediaType: string; readonly base64: string }
  | { readonly type: 'url'; readonly url: string; readonly mediaType?: string }
  | { readonly type: 'file'; readonly protocol: ProtocolName; readonly id: string };

/** A picture, a sound, a film or a file. */
export interface MediaPart extends Node {
  readonly type: 'media';
  readonly kind: 'image' | 'audio' | 'video' | 'pdf' | 'file';
  readonly source: MediaSource;
  readonly detail?: 'auto' | 'low' | 'high' | 'original';
  /** Whether the client says what its vendor may do to it, in words that no other has. */
  readonly transformed?: true;
  readonly name?: string;
  /** What the model is told about a document, beside it. */
  readonly context?: string;
  /** Whether the model is asked to cite it. */
  readonly citable?: true;
}

/** A document given as text or as parts of its own, which a model may cite. */
export interface DocumentPart extends Node {
  readonly type: 'document';
  readonly title?: string;
  readonly context?: string;
  readonly citable?: true;
  readonly parts: readonly (TextPart | MediaPart)[];
}

/** A finding of the caller's own search, which a model may cite. */
export interface SearchResultPart extends Node {
  readonly type: 'search-result';
  readonly source: string;
  readonly title: string;
  readonly citable?: true;
  readonly parts: readonly TextPart[];
}

/**
 * What the model thought. `segments` are its visible paragraphs; a reasoning part without visible text has none.
 * `full` is the chain itself, `summary` what the vendor tells of it.
 */
export interface ReasoningPart extends Node {
  readonly type: 'reasoning';
  readonly visibility: 'full' | 'summary' | 'redacted';
  /** The vendor's own name of it, where its state is bound to that name. */
  readonly itemId?: string;
  readonly segments: readonly string[];
  readonly capsules?: readonly Capsule[];
}

/** A tool that the model wants its caller to run. */
export interface ToolCallPart extends Node {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly namespace?: string;
  /** `custom` takes free text, `function` a JSON object. */
  readonly kind: 'function' | 'custom';
  /** Exactly what the model wrote; protocols that want an object parse it. */
  readonly argumentsText: string;
  readonly capsules?: readonly Capsule[];
}

/** A tool that the client's search brought in, by name. */
export interface ToolReferencePart extends Node {
  readonly type: 'tool-reference';
  readonly name: string;
}

export type ToolResultContent = TextPart | MediaPart | DocumentPart | SearchResultPart | ToolReferencePart | OpaquePart;

/** What came of a call, told by the caller. */
export interface ToolResultPart extends Node {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly name?: string;
  /** How the wire held it; some vendors bind caches to the form. */
  readonly form: 'string' | 'parts';
  readonly content: readonly ToolResultContent[];
  readonly isError?: boolean;
}

/** What a tool that vendors run themselves is for; vendors have names and versions of their own for each. */
export type ServerToolFamily =
  'web-search' | 'web-fetch' | 'code' | 'file-search' | 'image' | 'tool-search' | 'mcp' | 'other';

/** A tool the vendor ran itself. */
export interface ServerToolCallPart extends Node {
  readonly type: 'server-tool-call';
  readonly id: string;
  readonly family: ServerToolFamily;
  readonly input: JsonObject;
}

/** What came of a tool that the vendor ran itself. */
export interface ServerToolResultPart extends Node {
  readonly type: 'server-tool-result';
  readonly callId: string;
  readonly family: ServerToolFamily;
  readonly sources: readonly { readonly url: string; readonly title?: string }[];
  readonly error?: string;
}

/** A block only its own protocol understands, replayed whole to it and a loss anywhere else. */
export interface OpaquePart extends Node {
  readonly type: 'opaque';
  readonly protocol: ProtocolName;
  readonly data: JsonObject;
}

/** One block of a turn. */
export type Part =
  | TextPart
  | RefusalPart
  | MediaPart
  | DocumentPart
  | SearchResultPart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | ServerToolCallPart
  | ServerToolResultPart
  | OpaquePart;

/** What a model may answer with. */
export type ResponsePart =
  | TextPart
  | RefusalPart
  | MediaPart
  | ReasoningPart
  | ToolCallPart
  | ServerToolCallPart
  | ServerToolResultPart
  | OpaquePart;
