/** A request with no dialect's spelling: what a capability asks for. */
export interface Ask {
  readonly system?: string;
  readonly turns: readonly Turn[];
  readonly tools?: readonly Tool[];
  readonly choice?: 'none' | 'any' | { readonly tool: string } | { readonly allowed: readonly string[] };
  readonly parallel?: 'off';
  readonly reasoning?: 'shown' | 'off' | { readonly effort: 'low' | 'high' };
  readonly format?: 'json' | { readonly schema: object };
  readonly stop?: readonly string[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly search?: 'offered';
  readonly marks?: 'on';
  readonly endUser?: string;
}

export interface Turn {
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mime: string; readonly data: string }
  | { readonly type: 'image-address'; readonly url: string }
  | { readonly type: 'pdf'; readonly data: string }
  | {
      readonly type: 'result';
      readonly call: Call;
      readonly text: string;
      readonly image?: string;
      readonly failed?: true;
    }
  /** What a client keeps of an answer, in its own dialect: nobody else looks into it. */
  | { readonly type: 'kept'; readonly kept: readonly unknown[] };

export interface Tool {
  readonly name: string;
  /** Absent for a free-form tool. */
  readonly schema?: object;
}

export interface Call {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What reached a vendor, with its dialect's spelling taken off again. */
export interface Received {
  readonly system: string;
  readonly roles: readonly string[];
  /** Every text of every turn, in order. */
  readonly text: string;
  readonly images: readonly string[];
  readonly pdfs: number;
  readonly tools: readonly string[];
  readonly freeform: readonly string[];
  readonly choice: string;
  readonly allowed: readonly string[];
  readonly parallel: 'on' | 'off';
  readonly results: readonly ReceivedResult[];
  readonly effort: string | undefined;
  readonly format: 'none' | 'json' | 'schema';
  readonly stop: readonly string[];
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly seed: number | undefined;
  readonly marks: number;
  readonly search: boolean;
  readonly endUser: string | undefined;
  /** Reasoning of the vendor's own that came back, sealed or readable. */
  readonly state: readonly string[];
}

export interface ReceivedResult {
  readonly text: string;
  readonly images: number;
  readonly failed: boolean;
}

/** What a client got, with its dialect's spelling taken off. */
export interface Answered {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly Call[];
  readonly finish: 'end' | 'length' | 'stop-sequence' | 'tools' | 'refusal' | 'other';
  readonly usage: { readonly input: number; readonly cached: number; readonly output: number };
  /** Addresses of what was cited, each with the words that it was cited for. */
  readonly citations: readonly { readonly url: string; readonly words: string }[];
  /** The answer as the client keeps it for the next turn. */
  readonly kept: readonly unknown[];
}

/** A dialect has no word for this. */
export class Inexpressible extends Error {
  override readonly name = 'Inexpressible';
}

export const inexpressible = (what: string): never => {
  throw new Inexpressible(what);
};

export const user = (...parts: readonly (Part | string)[]): Turn => ({
  role: 'user',
  parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});

/** The turn that a client sends back after an answer with calls. */
export const results = (...parts: readonly Extract<Part, { type: 'result' }>[]): Turn => ({ role: 'user', parts });

export const kept = ({ kept: nodes }: Answered): Turn => ({
  role: 'assistant',
  parts: [{ type: 'kept', kept: nodes }],
});
