import type { ProtocolName } from '@bytespike/kernel';

/** How a vendor is called in one protocol. `{model}` stands for the upstream model's name. */
export interface VendorWire {
  readonly generate: string;
  /** Where streaming has a path of its own (Gemini). */
  readonly stream?: string;
  /** Where the vendor counts tokens natively. */
  readonly count?: string;
}

/** A company's endpoint as data: authentication, paths, and (issue by issue) its quirks. */
export interface Vendor {
  readonly name: string;
  readonly auth: 'x-api-key' | 'bearer' | 'x-goog-api-key';
  readonly wires: Partial<Readonly<Record<ProtocolName, VendorWire>>>;
  /** Headers the vendor needs when the client sent none. */
  readonly defaultHeaders?: Readonly<Record<string, string>>;
}
