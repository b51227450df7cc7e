import type { ProtocolName } from '@bytespike/kernel';

import { generateCounter } from './generate-counter.js';
import { messagesCounter } from './messages-counter.js';
import { responsesCounter } from './responses-counter.js';
import type { WireCounter } from './wire-counter.js';

/** The wires that count; Chat has no such call. One of the registries that may name several protocols (law 2). */
const COUNTERS = {
  'anthropic-messages': messagesCounter,
  'openai-responses': responsesCounter,
  'openai-chat': undefined,
  'gemini-generate': generateCounter,
} as const satisfies Record<ProtocolName, WireCounter | undefined>;

export const counterOf = (protocol: ProtocolName): WireCounter | undefined => COUNTERS[protocol];
