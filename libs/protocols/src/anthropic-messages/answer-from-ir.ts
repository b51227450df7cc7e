import { isJsonObject, tryParseJson } from '@bytespike/kernel';
import type { ResponsePart } from '@bytespike/ir';

import type { LossList } from '../losses.js';
import { own, toolInput } from './blocks-from-ir.js';
import { citedBlocks, type Cutting } from './cited-text.js';
import type { WireBlock } from './schema.js';
import { serverToolBlocks } from './web-search.js';

const protocol = 'anthropic-messages' as const;

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
