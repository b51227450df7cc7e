import type { SealVerdict } from '../signature/thinking-seal.js';
import { checkRedacted, checkSeal } from '../signature/thinking-seal.js';
import type { Memory } from '../wire/memory.js';
import { loopStart, prefixBefore } from './history.js';
import type { MergedTurn, MessagesRequest, PlacedBlock, WireBlock } from './messages-request.js';
import { mergeTurns } from './messages-request.js';
import { refuseAt } from './shape.js';

export interface Thinker {
  readonly vendor: string;
  readonly model: string;
  readonly memory: Memory;
}

const MODIFIED =
  '`thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. ' +
  'These blocks must remain as they were in the original response.';

const MISSING =
  'When `thinking` is enabled, a final `assistant` message must start with a thinking block ' +
  '(preceding the lastmost set of `tool_use` and `tool_result` blocks). ' +
  'We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`.';

const sealOf = (block: WireBlock): string | undefined =>
  block.type === 'thinking' ? block.signature : block.type === 'redacted_thinking' ? block.data : undefined;

/** Which seals a turn's calls were made after: remembered per call id, so that a lost or reordered block is noticed. */
export const rememberSeals = (memory: Memory, callIds: readonly string[], seals: readonly string[]): void => {
  for (const id of callIds) memory.objects.set(`seals ${id}`, seals);
};

/**
 * Checks thinking that a caller sends back. Forged seals are refused wherever they stand; in the open tool loop the
 * blocks must also be all there, in order, and belong to this model and this conversation.
 */
export const checkThinking = (request: MessagesRequest, thinker: Thinker): void => {
  if (!request.thinking || request.thinking.type === 'disabled') return;
  const turns = mergeTurns(request.messages);
  const openFrom = loopStart(turns);
  for (const [index, turn] of turns.entries()) {
    if (turn.role !== 'assistant') continue;
    const isOpen = index >= openFrom;
    checkSeals(turn, { prefix: prefixBefore(turns, index), isOpen }, thinker);
    if (isOpen) checkCompleteness(turn, request, thinker);
  }
};

const checkSeals = (turn: MergedTurn, place: { prefix: string; isOpen: boolean }, thinker: Thinker): void => {
  for (const { block, path } of turn.blocks) {
    const seal = sealOf(block);
    if (seal === undefined) continue;
    const binding = { vendor: thinker.vendor, model: thinker.model, prefix: place.prefix };
    const verdict =
      block.type === 'thinking'
        ? checkShownOrHidden(block, seal, binding, thinker.memory)
        : checkRedacted(seal, binding);
    refuseVerdict(verdict, { block, path }, place.isOpen);
  }
};

/** With `display: omitted` the caller got a seal without its text, and sends it back the same way. */
const checkShownOrHidden = (
  block: WireBlock,
  seal: string,
  binding: Parameters<typeof checkSeal>[2],
  memory: Memory,
): SealVerdict => {
  const hidden = block.thinking === '' ? memory.objects.get(`hidden ${seal}`) : undefined;
  return checkSeal(typeof hidden === 'string' ? hidden : (block.thinking ?? ''), seal, binding);
};

const refuseVerdict = (verdict: SealVerdict, { block, path }: PlacedBlock, isOpen: boolean): void => {
  if (verdict === 'forged') {
    const field = block.type === 'thinking' ? '`signature` in `thinking`' : '`data` in `redacted_thinking`';
    refuseAt(path, `Invalid ${field} block`);
  }
  if (isOpen && verdict !== 'valid') refuseAt(path, MODIFIED);
};

const checkCompleteness = (turn: MergedTurn, { thinking }: MessagesRequest, { memory }: Thinker): void => {
  const seals = turn.blocks.flatMap(({ block }) => sealOf(block) ?? []);
  const call = turn.blocks.find(({ block }) => block.type === 'tool_use');
  const first = turn.blocks[0];
  const remembered = memory.objects.get(`seals ${call?.block.id ?? ''}`);
  const expected = Array.isArray(remembered) ? remembered : undefined;
  const isLeading = first !== undefined && sealOf(first.block) !== undefined;
  const mustLead = thinking?.type === 'enabled' || (expected?.length ?? 0) > 0;
  if (!isLeading && mustLead && call !== undefined && first !== undefined) {
    refuseAt(
      `${first.path}.type`,
      `Expected \`thinking\` or \`redacted_thinking\`, but found \`${first.block.type}\`. ${MISSING}`,
    );
  }
  if (expected !== undefined && JSON.stringify(expected) !== JSON.stringify(seals))
    refuseAt(first?.path ?? turn.path, MODIFIED);
};
