import { unfoldResponse, type GenerateResponse } from '@bytespike/ir';
import type { ProtocolName } from '@bytespike/kernel';

import type { Translatable } from '../translation/translatable.js';

type Chunk = Readonly<Record<string, unknown>>;

interface WireForm {
  /** Whether each record says its event's name. */
  readonly named: boolean;
  /** Whether a chunk is the one after which an end of bytes is no truncation. */
  isTerminal(chunk: Chunk): boolean;
}

const first = (list: unknown): Chunk => (Array.isArray(list) ? ((list as readonly Chunk[])[0] ?? {}) : {});

/** How a vendor's stream looks on each wire, from the reference (protocols 1.1 to 1.4) and not from our encoders. */
const FORMS: Readonly<Record<ProtocolName, WireForm>> = {
  'anthropic-messages': { named: true, isTerminal: ({ type }) => type === 'message_stop' },
  'openai-responses': {
    named: true,
    isTerminal: ({ type }) => type === 'response.completed' || type === 'response.incomplete',
  },
  'openai-chat': { named: false, isTerminal: ({ choices }) => typeof first(choices)['finish_reason'] === 'string' },
  'gemini-generate': {
    named: false,
    isTerminal: ({ candidates, promptFeedback }) =>
      typeof first(candidates)['finishReason'] === 'string' || promptFeedback !== undefined,
  },
};

const encoder = new TextEncoder();

function record(protocol: ProtocolName, chunk: unknown): string {
  if (typeof chunk === 'string') return `data: ${chunk}\n\n`;
  const type = (chunk as Chunk | null)?.['type'];
  const event = FORMS[protocol].named && typeof type === 'string' ? `event: ${type}\n` : '';
  return `${event}data: ${JSON.stringify(chunk)}\n\n`;
}

/** A vendor's stream as it crosses the network. */
export const vendorBytes = (protocol: ProtocolName, chunks: readonly unknown[]): Uint8Array =>
  encoder.encode(chunks.map((chunk) => record(protocol, chunk)).join(''));

/** An answer as a vendor of this wire would stream it. */
export const streamOf = (wire: Translatable, answer: GenerateResponse): Uint8Array => {
  const writer = wire.openEncoder();
  const records = unfoldResponse(answer).map((event) => writer.push(event));
  return encoder.encode(records.join(''));
};

/** How many bytes of it must have come before its end may be taken for one; all of them where it never ends well. */
export function terminalBytes(protocol: ProtocolName, chunks: readonly unknown[]): number {
  const at = chunks.findIndex((chunk) =>
    typeof chunk === 'string' ? chunk === '[DONE]' : FORMS[protocol].isTerminal(chunk as Chunk),
  );
  return vendorBytes(protocol, at < 0 ? chunks : chunks.slice(0, at + 1)).length;
}
