import { digest } from '../brain/digest.js';
import type { MergedTurn, MessagesRequest, WireBlock } from './messages-request.js';
import { blocksOf, mergeTurns } from './messages-request.js';

const isThinking = (block: WireBlock): boolean => block.type === 'thinking' || block.type === 'redacted_thinking';

/**
 * What of a block the vendor's binding looks at: what it says, not how the caller marked it. Breakpoints move from
 * turn to turn, and thinking of closed turns may be left out, so neither belongs to it.
 */
const essence = (block: WireBlock): unknown => {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'tool_use':
      return [block.id, block.name, block.input];
    case 'tool_result':
      return [block.tool_use_id, blocksOf(block.content).map(essence), block.is_error ?? false];
    case 'image':
    case 'document':
      return [block.type, block.source];
    default:
      return { ...block, cache_control: undefined };
  }
};

/** Names what stands before a turn; thinking is bound to that name. */
export const prefixBefore = (turns: readonly MergedTurn[], index: number): string =>
  digest(
    JSON.stringify(
      turns
        .slice(0, index)
        .map((turn) => [
          turn.role,
          turn.blocks.filter(({ block }) => !isThinking(block)).map(({ block }) => essence(block)),
        ]),
    ),
  );

/** The name of a whole request's history: what the thinking in its answer will be bound to. */
export const prefixOf = (request: MessagesRequest): string => {
  const turns = mergeTurns(request.messages);
  return prefixBefore(turns, turns.length);
};

/** Where the open tool loop begins: after the last user turn that is not the answer to a tool. */
export const loopStart = (turns: readonly MergedTurn[]): number => {
  const isOpen = turns.at(-1)?.blocks.some(({ block }) => block.type === 'tool_result') ?? false;
  if (!isOpen) return turns.length;
  return (
    turns.findLastIndex(
      (turn) => turn.role === 'user' && !turn.blocks.some(({ block }) => block.type === 'tool_result'),
    ) + 1
  );
};
