import type { ApiVersion } from './api-version.js';
import type {
  MergedTurn,
  MessagesRequest,
  PlacedBlock,
  WireBlock,
  WireCacheControl,
  WireTool,
} from './messages-request.js';
import { blocksOf, mergeTurns } from './messages-request.js';
import { refuseAt } from './shape.js';

const BREAKPOINTS_MAX = 4;

const USER_ONLY = new Set(['image', 'document', 'search_result', 'tool_result', 'container_upload']);
const ASSISTANT_ONLY = new Set([
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'mcp_tool_use',
  'compaction',
]);

/** Refuses what is well-formed but in the wrong place: roles, empty text, tool results, breakpoints. */
export const checkOrder = (request: MessagesRequest, version: ApiVersion): void => {
  const turns = mergeTurns(request.messages);
  checkEmptiness(request);
  for (const turn of turns) {
    for (const placed of turn.blocks) checkPlace(placed, turn, version);
  }
  checkToolPairs(turns);
  checkBreakpoints(request);
  checkTools(request);
};

const checkEmptiness = ({ messages, system }: MessagesRequest): void => {
  for (const [index, message] of messages.entries()) {
    const isPrefill = message.role === 'assistant' && index === messages.length - 1;
    if (message.content.length === 0 && !isPrefill) {
      refuseAt(`messages.${index}`, `${message.role} messages must have non-empty content`);
    }
    for (const block of Array.isArray(message.content) ? message.content : []) checkText(block, 'messages');
    checkBlank(blocksOf(message.content), isPrefill);
  }
  if (Array.isArray(system)) for (const block of system) checkText(block, 'system');
  const last = messages.at(-1);
  if (last?.role !== 'assistant') return;
  const text = blocksOf(last.content).at(-1)?.text;
  if (text !== undefined && text !== text.trimEnd()) {
    refuseAt('messages', 'final assistant content cannot end with trailing whitespace');
  }
};

const checkText = (block: WireBlock, path: string): void => {
  if (block.type !== 'text') return;
  if (block.text === '') {
    if (block.cache_control) refuseAt(path, 'cache_control cannot be set for empty text blocks');
    refuseAt(path, 'text content blocks must be non-empty');
  }
};

/** Blanks are taken beside words of the same message, and not where they are all of its words. */
const checkBlank = (blocks: readonly WireBlock[], isPrefill: boolean): void => {
  const texts = blocks.flatMap(({ type, text }) => (type === 'text' ? [text ?? ''] : []));
  const isBlank = texts.length > 0 && texts.every((text) => text.trim() === '');
  if (isBlank && !isPrefill) refuseAt('messages', 'text content blocks must contain non-whitespace text');
};

const checkPlace = ({ block, path }: PlacedBlock, turn: MergedTurn, version: ApiVersion): void => {
  const { type } = block;
  // The older version let an assistant message carry a document; the newer one names it and refuses.
  const tolerated = type === 'document' && version === '2023-06-01' && turn.role === 'assistant';
  if (turn.role !== 'user' && USER_ONLY.has(type) && !tolerated) {
    refuseAt(path, `\`${type}\` blocks can only be in \`user\` messages`);
  }
  if (turn.role !== 'assistant' && ASSISTANT_ONLY.has(type)) {
    refuseAt(path, `\`${type}\` blocks can only be in \`assistant\` messages`);
  }
  const citations = Array.isArray(block.citations) ? block.citations.length : 0;
  if (version === '2026-10-21' && turn.role === 'user' && type === 'text' && citations > 0) {
    refuseAt(`${path}.citations`, '`citations` may only be set on `text` blocks in `assistant` messages');
  }
};

const idsOf = (turn: MergedTurn | undefined, type: string): readonly string[] =>
  turn?.blocks.flatMap(({ block }) =>
    block.type === type ? [(type === 'tool_use' ? block.id : block.tool_use_id) ?? ''] : [],
  ) ?? [];

/** Every call is answered in the very next message, and nothing else is answered there. */
export const checkToolPairs = (turns: readonly MergedTurn[]): void => {
  for (const [index, turn] of turns.entries()) {
    const called = idsOf(turn, 'tool_use');
    const repeated = called.find((id, at) => called.indexOf(id) !== at);
    if (repeated !== undefined) refuseAt('messages', '`tool_use` ids must be unique');
    const next = turns[index + 1];
    const answered = idsOf(next, 'tool_result');
    const open = called.filter((id) => !answered.includes(id));
    // An open call at the very end is a prefill the model would have to continue, which no model does.
    if (open.length > 0) {
      refuseAt(
        next?.path ?? turn.path,
        `\`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. ` +
          'Each `tool_use` block must have a corresponding `tool_result` block in the next message.',
      );
    }
    checkResults(turn, idsOf(turns[index - 1], 'tool_use'));
  }
};

const checkResults = (turn: MergedTurn, called: readonly string[]): void => {
  const seen = new Set<string>();
  for (const { block, path } of turn.blocks) {
    if (block.type !== 'tool_result') continue;
    const id = block.tool_use_id ?? '';
    if (!called.includes(id)) {
      refuseAt(
        path,
        `unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.',
      );
    }
    if (seen.has(id))
      refuseAt(path, `each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${id}`);
    seen.add(id);
  }
  const firstResult = turn.blocks.findIndex(({ block }) => block.type === 'tool_result');
  if (firstResult > 0 && turn.blocks[0]?.block.type !== 'tool_result') {
    refuseAt(
      turn.path,
      '`tool_use` ids were found without `tool_result` blocks immediately after: ' +
        `${called.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`,
    );
  }
};

/** Every mark in the order in which the vendor renders what it stands on. */
const marksOf = (request: MessagesRequest): readonly WireCacheControl[] => {
  const blocks: readonly (WireTool | WireBlock)[] = [
    ...(request.tools ?? []),
    ...blocksOf(request.system),
    ...request.messages.flatMap((message) => blocksOf(message.content)),
  ];
  const marks = blocks.flatMap((block) => {
    const inner = 'content' in block && Array.isArray(block.content) ? block.content : [];
    return [...inner, block].flatMap((marked) => marked.cache_control ?? []);
  });
  return request.cache_control ? [...marks, request.cache_control] : marks;
};

const checkBreakpoints = (request: MessagesRequest): void => {
  const marks = marksOf(request);
  if (marks.length > BREAKPOINTS_MAX) {
    refuseAt('', `A maximum of ${BREAKPOINTS_MAX} blocks with cache_control may be provided. Found ${marks.length}.`);
  }
  const firstShort = marks.findIndex((mark) => mark.ttl !== '1h');
  if (firstShort >= 0 && marks.slice(firstShort).some((mark) => mark.ttl === '1h')) {
    refuseAt(
      '',
      "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. " +
        'Note that blocks are processed in the following order: `tools`, `system`, `messages`.',
    );
  }
};

const checkTools = ({ tools = [], tool_choice: choice }: MessagesRequest): void => {
  const names = tools.map((tool) => tool.name).filter((name) => name !== undefined);
  if (new Set(names).size !== names.length) refuseAt('tools', 'Tool names must be unique.');
  if (choice && choice.type !== 'none' && tools.length === 0) {
    refuseAt('tool_choice', 'tool_choice may only be specified while providing tools.');
  }
  if (choice?.type === 'tool' && !names.includes(choice.name ?? '')) {
    refuseAt('tool_choice', `Tool '${choice.name ?? ''}' not found in provided tools`);
  }
};
