import type { Conversation, MediaPart, Part, ToolChoice, ToolDeclaration, Turn } from '../brain/conversation.js';
import { digest } from '../brain/digest.js';
import type { MessagesRequest, WireBlock, WireToolChoice } from './messages-request.js';
import { blocksOf, isResumed, mergeTurns } from './messages-request.js';
import { isServerTool, isWebSearch } from './tool-shapes.js';

/** What the persona decides about how a request is understood. */
export interface Reading {
  readonly vendor: string;
  readonly model: string;
  readonly images: 'seen' | 'unsupported';
}

/** Takes Anthropic's spelling off a request. */
export const toConversation = (request: MessagesRequest, reading: Reading): Conversation => {
  const { tools = [], tool_choice: choice } = request;
  const format = request.output_config?.format ?? request.output_format;
  const turns = mergeTurns(request.messages).map((turn): Turn => ({
    role: turn.role,
    parts: turn.blocks.flatMap(({ block }) => partsOf(block, reading)),
  }));
  const searches = tools.some((tool) => isWebSearch(tool.type));
  const system = blocksOf(request.system);
  const systemTurn: Turn = { role: 'system', parts: system.flatMap((block) => partsOf(block, reading)) };
  return {
    vendor: reading.vendor,
    model: reading.model,
    turns: system.length === 0 ? turns : [systemTurn, ...turns],
    tools: tools
      .filter((tool) => !isServerTool(tool.type))
      .map((tool): ToolDeclaration => ({ name: tool.name, schema: tool.input_schema ?? {} })),
    toolChoice: toolChoiceOf(choice),
    parallelCalls: choice?.disable_parallel_tool_use ? 'single' : 'allowed',
    thinking: thinks(request) ? 'on' : 'off',
    ...(format && { outputSchema: format.schema }),
    webSearch: searches ? 'offered' : 'absent',
    ...(searches && { longWork: isResumed(request) ? 'resumed' : 'pausable' }),
    maxOutputTokens: request.max_tokens ?? 0,
    stopSequences: request.stop_sequences ?? [],
  };
};

const thinks = ({ thinking, messages }: MessagesRequest): boolean => {
  if (!thinking || thinking.type === 'disabled') return false;
  if (thinking.type !== 'between_tools') return true;
  return blocksOf(messages.at(-1)?.content).some((block) => block.type === 'tool_result');
};

const toolChoiceOf = (choice: WireToolChoice | null | undefined): ToolChoice => {
  if (!choice) return { mode: 'auto' };
  return choice.type === 'tool' ? { mode: 'tool', name: choice.name ?? '' } : { mode: choice.type };
};

const partsOf = (block: WireBlock, reading: Reading): readonly Part[] => {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text ?? '' }];
    case 'thinking':
      return [{ type: 'thinking', text: block.thinking ?? '' }];
    case 'image':
    case 'document':
      return [seen(block, reading)];
    case 'tool_use':
      return [{ type: 'tool-call', id: block.id ?? '', name: block.name ?? '', input: block.input ?? {} }];
    case 'tool_result':
      return [
        {
          type: 'tool-result',
          id: block.tool_use_id ?? '',
          outcome: block.is_error ? 'error' : 'ok',
          parts: blocksOf(block.content).flatMap((inner) => resultPart(inner, reading)),
        },
      ];
    case 'search_result':
      return blocksOf(block.content).map((inner) => ({ type: 'text', text: inner.text ?? '' }));
    default:
      return [];
  }
};

const resultPart = (block: WireBlock, reading: Reading): readonly (MediaPart | { type: 'text'; text: string })[] => {
  if (block.type === 'text') return [{ type: 'text', text: block.text ?? '' }];
  if (block.type !== 'image' && block.type !== 'document') return [];
  const part = seen(block, reading);
  return [part];
};

const seen = (block: WireBlock, { images }: Reading): MediaPart | { type: 'text'; text: string } =>
  images === 'seen'
    ? mediaOf(block)
    : { type: 'text', text: `[Unsupported ${block.type === 'image' ? 'Image' : 'Document'}]` };

/** The data itself is not kept: its digest stands for it in the conversation. */
const mediaOf = ({ type, source }: WireBlock): MediaPart => {
  const data = source?.data;
  const mime = source?.media_type ?? (type === 'image' ? 'image/*' : 'application/pdf');
  if (data === undefined) return { type: 'media', mime, bytes: 0, source: source?.url ?? source?.file_id ?? '' };
  const bytes = source?.type === 'text' ? Buffer.byteLength(data) : Buffer.byteLength(data, 'base64');
  return { type: 'media', mime, bytes, source: digest(data) };
};
