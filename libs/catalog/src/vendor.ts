import type { ErrorKind, ProtocolName } from '@bytespike/kernel';

/** How a vendor wants to be handed a key. */
export type AuthScheme = 'x-api-key' | 'bearer' | 'x-goog-api-key';

/** How a vendor is called in one protocol. `{model}` stands for the upstream model's name. */
export interface VendorWire {
  /** Appended to the vendor's base address to make the channel's (`/anthropic` at the look-alikes). */
  readonly mount?: string;
  /** Paths below the channel's address. */
  readonly generate: string;
  /** Where streaming has a path of its own (Gemini). */
  readonly stream?: string;
  /** Where the vendor counts tokens natively. */
  readonly count?: string;
  /** Where this wire carries its credential differently from the vendor's others. */
  readonly auth?: AuthScheme;
  /** Headers the vendor needs when the client sent none. */
  readonly defaultHeaders?: Readonly<Record<string, string>>;
}

/** A company's endpoint as data: authentication, paths, headers, words of its errors. What it takes of a wire is in libs/protocols, `compatibility/`. */
export interface Vendor {
  readonly name: string;
  /** The real host, without a trailing slash; a channel may stand elsewhere. */
  readonly baseAddress: string;
  readonly auth: AuthScheme;
  readonly wires: Partial<Readonly<Record<ProtocolName, VendorWire>>>;
  /** What it makes besides text; on which wire, libs/media knows. */
  readonly makes?: readonly ('image' | 'video')[];
  /** The vendor's own words in an error (its code, type or reason) that the protocol's table does not know or that its status misreports. */
  readonly errorCodes?: Readonly<Record<string, ErrorKind>>;
}
