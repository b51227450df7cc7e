// What pure libraries may use of the platform beyond ES2023: text encoding is a function of its argument,
// and an abort signal is passed through, never created. Everything else that does I/O does not exist for them.

declare class TextEncoder {
  encode(text: string): Uint8Array;
  encodeInto(source: string, destination: Uint8Array): { readonly read: number; readonly written: number };
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array, options?: { stream?: boolean }): string;
}

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
}
