import type { JsonObject, JsonValue } from '../brain/conversation.js';

/** A `POST /v1/messages` body after its shape was checked: only the fields the simulator acts on. */
export interface MessagesRequest {
  readonly model: string;
  readonly messages: readonly WireMessage[];
  readonly max_tokens?: number;
  readonly system?: string | readonly WireBlock[] | null;
  readonly tools?: readonly WireTool[];
  readonly tool_choice?: WireToolChoice | null;
  readonly thinking?: WireThinking | null;
  readonly output_config?: {
    readonly effort?: string | null;
    readonly format?: { readonly schema: JsonObject } | null;
  } | null;
  readonly output_format?: { readonly schema: JsonObject } | null;
  readonly stop_sequences?: readonly string[] | null;
  readonly stream?: boolean | null;
  readonly cache_control?: WireCacheControl | null;
  readonly temperature?: number | null;
  readonly top_p?: number | null;
  readonly top_k?: number | null;
  readonly thread?: WireThread | null;
  readonly context_management?: unknown;
  readonly fallbacks?: unknown;
}

/** A conversation that the vendor holds between turns, under the id of its last answer. */
export type WireThread =
  { readonly type: 'create' } | { readonly type: 'continue'; readonly previous_message_id: string };

export interface WireMessage {
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: string | readonly WireBlock[];
}

export interface WireCacheControl {
  readonly type: 'ephemeral';
  readonly ttl?: '5m' | '1h';
}

/** Any content block; which fields there are was settled by its shape. */
export interface WireBlock {
  readonly type: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: JsonValue;
  readonly tool_use_id?: string;
  readonly content?: string | readonly WireBlock[];
  readonly is_error?: boolean | null;
  readonly source?: WireSource;
  readonly title?: string | null;
  readonly citations?: unknown;
  readonly cache_control?: WireCacheControl | null;
}

export interface WireSource {
  readonly type: string;
  readonly media_type?: string;
  readonly data?: string;
  readonly url?: string;
  readonly file_id?: string;
}

export interface WireTool {
  readonly type?: string | null;
  readonly name: string;
  readonly description?: string;
  readonly input_schema?: JsonObject;
  readonly cache_control?: WireCacheControl | null;
}

export interface WireToolChoice {
  readonly type: 'auto' | 'any' | 'tool' | 'none';
  readonly name?: string;
  readonly disable_parallel_tool_use?: boolean;
}

export interface WireThinking {
  readonly type: 'enabled' | 'adaptive' | 'between_tools' | 'disabled';
  readonly budget_tokens?: number;
  readonly display?: string | null;
}

/** Content as blocks: a bare string is one text block. */
export const blocksOf = (content: string | readonly WireBlock[] | null | undefined): readonly WireBlock[] => {
  if (content === null || content === undefined) return [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
};

/** Whether the request sends back a turn that the vendor stopped in the middle of its own work (`pause_turn`). */
export const isResumed = ({ messages }: Pick<MessagesRequest, 'messages'>): boolean => {
  const last = messages.at(-1);
  return (
    last?.role === 'assistant' && /^server_tool_use$|_tool_result$/.test(blocksOf(last.content).at(-1)?.type ?? '')
  );
};

/** Messages as the vendor sees them: neighbours of one role are one turn. */
export const mergeTurns = (messages: readonly WireMessage[]): readonly MergedTurn[] => {
  const turns: MergedTurn[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks = blocksOf(message.content).map((block, at) => ({ block, path: `messages.${index}.content.${at}` }));
    const last = turns.at(-1);
    if (last?.role === message.role) turns[turns.length - 1] = { ...last, blocks: [...last.blocks, ...blocks] };
    else turns.push({ role: message.role, path: `messages.${index}`, blocks });
  }
  return turns;
};

export interface MergedTurn {
  readonly role: WireMessage['role'];
  /** Of its first message. */
  readonly path: string;
  readonly blocks: readonly PlacedBlock[];
}

export interface PlacedBlock {
  readonly block: WireBlock;
  readonly path: string;
}
