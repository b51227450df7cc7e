import { isJsonObject, tryParseJson } from '@bytespike/kernel';
import type { Encoded, FinishReason, GenerateRequest, GenerateResponse, ResponsePart } from '@bytespike/ir';

import { createLossList, type LossList } from '../losses.js';
import { own, toolInput } from './blocks-from-ir.js';
import { citedBlocks, cuttingFor, type Cutting } from './cited-text.js';
import type { WireBlock, WireResponse } from './schema.js';
import { usageFromIr } from './usage.js';
import { serverToolBlocks } from './web-search.js';

const protocol = 'anthropic-messages' as const;

/** Every reason this wire has a word for; an unknown end of another vendor is told as a plain end. */
const STOP_REASON = {
  stop: 'end_turn',
  'stop-sequence': 'stop_sequence',
  length: 'max_tokens',
  'context-window': 'model_context_window_exceeded',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
  pause: 'pause_turn',
  compaction: 'compaction',
  other: 'end_turn',
} as const satisfies Record<FinishReason, string>;

export function responseFromIr(ir: GenerateResponse, asked?: GenerateRequest): Encoded<WireResponse> {
  const { id, model, parts, finish, usage, tier, createdAt: _createdAt, ...unhandled } = ir;
  unhandled satisfies Record<string, never>;
  const losses = createLossList();
  return {
    wire: {
      id: messageId(id),
      type: 'message',
      role: 'assistant',
      model: model ?? '',
      content: parts.flatMap((part, index) => answerBlocks(part, `parts.${index}`, losses, cuttingFor(asked))),
      ...finishFromIr(finish),
      usage: usageFromIr(usage ?? {}, tier),
    },
    losses: losses.list,
  };
}

/** A refusal that its vendor did not explain is explained by the vendor's own word for it (protocols 2.9). */
export const finishFromIr = ({ reason, raw, stopSequence, refusal }: GenerateResponse['finish']) => ({
  stop_reason: STOP_REASON[reason],
  stop_sequence: stopSequence ?? null,
  ...(reason === 'refusal' && {
    stop_details: {
      type: 'refusal',
      category: refusal?.category ?? null,
      explanation: refusal?.explanation ?? (raw === 'refusal' ? null : (raw ?? null)),
    },
  }),
});

/** Ids on this wire begin with `msg_`; another vendor's keeps its own letters behind that. */
export const messageId = (id: string | undefined): string =>
  id?.startsWith('msg_') ? id : `msg_${(id ?? 'unnamed').replace(/[^A-Za-z0-9_-]/g, '_')}`;

/**
 * An answer's part as a client of this wire reads it: reasoning is shown whoever made it, and its required signature
 * may be empty. A call whose arguments the limit has cut is left out: half of one must not look like one that can be
 * carried out.
 */
export function answerBlocks(part: ResponsePart, path: string, losses: LossList, cutting: Cutting): WireBlock[] {
  const raw = own(part.raw);
  if (raw) return [raw as WireBlock];
  switch (part.type) {
    case 'text':
      return citedBlocks(part, cutting);
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }];
    case 'reasoning': {
      const capsule = part.capsules?.find(({ origin }) => origin.protocol === protocol);
      if (part.visibility === 'redacted') return capsule ? [{ type: 'redacted_thinking', data: capsule.data }] : [];
      return [{ type: 'thinking', thinking: part.segments.join('\n\n'), signature: capsule?.data ?? '' }];
    }
    case 'tool-call':
      if (part.kind === 'function' && !isJsonObject(tryParseJson(part.argumentsText || '{}'))) return [];
      return [{ type: 'tool_use', id: part.id, name: part.name, input: toolInput(part) }];
    case 'server-tool-call':
    case 'server-tool-result': {
      const blocks = serverToolBlocks(part);
      if (blocks.length === 0) losses.drop('L71', path);
      return blocks;
    }
    case 'opaque':
      if (part.protocol === protocol) return [part.data as WireBlock];
      losses.drop('L71', path);
      return [];
    case 'media':
      losses.drop('L14', path);
      return [];
  }
}
