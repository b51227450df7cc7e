/** The one place that names all protocols; everything else knows the hub and itself (law 2). */
import type { ProtocolName } from '@bytespike/kernel';

import { anthropicErrors } from './anthropic-messages/errors.js';
import { anthropicMeter } from './anthropic-messages/meter.js';
import { anthropicPeek } from './anthropic-messages/peek.js';
import { chatRawLane, ownChatRawLane } from './compatibility/chat-raw-lane.js';
import { ownGeminiRawLane } from './compatibility/gemini-raw-lane.js';
import { messagesRawLane, ownMessagesRawLane } from './compatibility/messages-raw-lane.js';
import { ownResponsesRawLane } from './compatibility/responses-raw-lane.js';
import type { SeenBody } from './compatibility/raw-lane-terms.js';
import type { WireErrors } from './errors/wire-errors.js';
import { geminiErrors } from './gemini-generate/errors.js';
import { geminiMeter } from './gemini-generate/meter.js';
import { geminiPeek } from './gemini-generate/peek.js';
import { streamForm } from './gemini-generate/stream-form.js';
import { chatErrors } from './openai-chat/errors.js';
import { chatMeter } from './openai-chat/meter.js';
import { chatPeek } from './openai-chat/peek.js';
import { responsesErrors } from './openai-responses/errors.js';
import { responsesMeter } from './openai-responses/meter.js';
import { responsesPeek } from './openai-responses/peek.js';
import { PROTOCOL_OWNERS } from './owners.js';
import type { StreamForm } from './meter/stream-reader.js';
import type { WireMeter } from './meter/wire-meter.js';
import { createInputCount } from './peek/count-input.js';
import type { PeekDialect } from './peek/dialect.js';
import { createPeek } from './peek/peek-body.js';
import type { InputFacts, PeekedBody } from './peek/peeked-body.js';

/** What the raw lane knows of a wire language: how to read a request, a failure and a stream without translating. */
export interface Wire {
  readonly peek: (bytes: Uint8Array) => PeekedBody;
  /** What goes into a model, as `createInputCount` counts it. */
  readonly countInput: (bytes: Uint8Array) => InputFacts;
  readonly errors: WireErrors;
  readonly meter: WireMeter;
  /** How a client with this query reads a stream, where the wire has another form than events. */
  readonly form?: (query: string) => StreamForm;
}

const readersOf = (dialect: PeekDialect): Pick<Wire, 'peek' | 'countInput'> => ({
  peek: createPeek(dialect),
  countInput: createInputCount(dialect),
});

/** What the raw lane needs of each protocol: to peek, to tell failures, and to meter. */
export const WIRES = {
  'anthropic-messages': { ...readersOf(anthropicPeek), errors: anthropicErrors, meter: anthropicMeter },
  'openai-responses': { ...readersOf(responsesPeek), errors: responsesErrors, meter: responsesMeter },
  'openai-chat': { ...readersOf(chatPeek), errors: chatErrors, meter: chatMeter },
  'gemini-generate': { ...readersOf(geminiPeek), errors: geminiErrors, meter: geminiMeter, form: streamForm },
} as const satisfies Record<ProtocolName, Wire>;

/** How a client wants its stream written. */
export function streamFormOf(protocol: ProtocolName, query: string): StreamForm {
  const { form }: Wire = WIRES[protocol];
  return form?.(query) ?? 'events';
}

/** Reads what policy needs of a request body; throws `invalid-request` with a place, never with content. */
export const peekBody = (protocol: ProtocolName, bytes: Uint8Array): PeekedBody => WIRES[protocol].peek(bytes);

/** What a body that was peeked at puts into a model, for what its text stands for; see `createInputCount`. */
export const countInput = (protocol: ProtocolName, bytes: Uint8Array): InputFacts => WIRES[protocol].countInput(bytes);

/** What look-alikes may be sent as it is; a wire without a row is always translated for them. */
const LOOK_ALIKES: Partial<Record<ProtocolName, (vendor: string, upstreamModel: string, seen: SeenBody) => boolean>> = {
  'anthropic-messages': messagesRawLane,
  'openai-chat': chatRawLane,
};

/** Whom a body would go to as it is. */
export interface RawLaneQuestion extends SeenBody {
  readonly protocol: ProtocolName;
  readonly vendor: string;
  readonly upstreamModel: string;
}

/** What even the owner of a wire would refuse, of bytes that other vendors or its clients' habits had a part in. */
const OWNERS: Partial<Record<ProtocolName, (seen: SeenBody) => boolean>> = {
  'anthropic-messages': ownMessagesRawLane,
  'openai-responses': ownResponsesRawLane,
  'openai-chat': ownChatRawLane,
  'gemini-generate': ownGeminiRawLane,
};

/** Whether a vendor of the caller's own protocol may be sent the caller's bytes: others than its owner by their profile. */
export function rawLaneAllows(question: RawLaneQuestion): boolean {
  const { protocol, vendor, upstreamModel } = question;
  return PROTOCOL_OWNERS[protocol] === vendor
    ? (OWNERS[protocol]?.(question) ?? true)
    : (LOOK_ALIKES[protocol]?.(vendor, upstreamModel, question) ?? false);
}
