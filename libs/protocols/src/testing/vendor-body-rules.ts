import type { ProtocolName } from '@bytespike/kernel';

type Json = Readonly<Record<string, unknown>>;
type List = readonly Json[];

const list = (value: unknown): List => (Array.isArray(value) ? (value as List) : []);
const blocks = (content: unknown): List =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);
const ids = (from: List, type: string, field: string): readonly unknown[] =>
  from.filter((one) => one['type'] === type).map((one) => one[field]);
const same = (left: readonly unknown[], right: readonly unknown[]): boolean =>
  left.length === right.length && new Set(left).size === left.length && left.every((one) => right.includes(one));

/**
 * What each vendor refuses with a 400, as far as a conversation's shape goes (protocols 2.4 to 2.6, 4), stricter than
 * some of them are. Written from the reference and not from our encoders.
 */
const RULES: Readonly<Record<ProtocolName, (body: Json, vendor: string) => string | undefined>> = {
  'anthropic-messages': ({ messages }, vendor) => messagesFault(list(messages), vendor),
  'openai-responses': ({ input }) => inputFault(blocks(input)),
  'openai-chat': ({ messages }, vendor) => chatFault(list(messages), vendor),
  'gemini-generate': ({ contents }) => contentsFault(list(contents)),
};

/** The first thing the vendor would refuse in a body, or `undefined`. */
export const vendorBodyFault = (protocol: ProtocolName, vendor: string, body: string): string | undefined =>
  RULES[protocol](JSON.parse(body) as Json, vendor);

function messagesFault(messages: List, vendor: string): string | undefined {
  if (messages[0]?.['role'] !== 'user') return 'does not begin with the user';
  if (messages.at(-1)?.['role'] === 'assistant') return 'ends with the assistant';
  for (const [at, { role, content }] of messages.entries()) {
    const own = blocks(content);
    if (own.some(({ type, text }) => type === 'text' && text === '')) return `message ${at} has an empty text`;
    if (role === 'assistant') {
      if (messages[at - 1]?.['role'] === 'assistant') return `message ${at} follows another of the assistant`;
      const answers = ids(blocks(messages[at + 1]?.['content']), 'tool_result', 'tool_use_id');
      if (!same(ids(own, 'tool_use', 'id'), answers)) return `calls of message ${at} are not answered behind it`;
      const thoughts = own.map(({ type }) => type === 'thinking' || type === 'redacted_thinking');
      if (thoughts.includes(true) && thoughts[0] !== true) return `message ${at} does not begin with its thinking`;
      // Look-alikes sign nothing and check nothing (protocols 4.1, 4.2).
      if (vendor === 'anthropic' && own.some(({ type, signature }) => type === 'thinking' && !signature))
        return `message ${at} is unsigned`;
    } else {
      const firstOther = own.findIndex(({ type }) => type !== 'tool_result');
      const late = own.findLastIndex(({ type }) => type === 'tool_result');
      if (firstOther >= 0 && late > firstOther) return `message ${at} has a result behind something else`;
      if (late >= 0 && messages[at - 1]?.['role'] !== 'assistant') return `message ${at} answers nobody`;
    }
  }
  return undefined;
}

function inputFault(items: List): string | undefined {
  const open = new Set<unknown>();
  const seen = new Set<unknown>();
  for (const [at, item] of items.entries()) {
    const { type, call_id: callId } = item;
    if (type === 'function_call') {
      if (seen.has(callId)) return `call ${String(callId)} comes twice`;
      if (typeof item['arguments'] !== 'string') return `item ${at} has no text of arguments`;
      seen.add(callId);
      open.add(callId);
    } else if (type === 'function_call_output') {
      if (!open.delete(callId)) return `output ${String(callId)} answers no call`;
    } else if (type === 'reasoning') {
      const next = items[at + 1];
      const follows =
        next?.['type'] === 'function_call' || next?.['role'] === 'assistant' || next?.['type'] === 'reasoning';
      if (!follows) return `reasoning ${at} is not followed by its item`;
      if (!Array.isArray(item['summary'])) return `reasoning ${at} has no summary`;
    } else if (item['role'] === 'user' && open.size > 0) return `item ${at} comes while calls are open`;
  }
  return open.size > 0 ? `call ${String([...open][0])} is not answered` : undefined;
}

function chatFault(messages: List, vendor: string): string | undefined {
  let owed: unknown[] = [];
  for (const [at, message] of messages.entries()) {
    const { role, tool_call_id: callId, tool_calls: calls } = message;
    if (role === 'tool') {
      if (!owed.includes(callId)) return `message ${at} answers no call`;
      owed = owed.filter((id) => id !== callId);
      continue;
    }
    if (owed.length > 0) return `message ${at} comes before the results`;
    if (role !== 'assistant') continue;
    owed = list(calls).map(({ id }) => id);
    if (new Set(owed).size < owed.length) return `message ${at} repeats an id`;
    if (vendor === 'deepseek' && owed.length > 0 && typeof message['reasoning_content'] !== 'string')
      return `message ${at} has calls and no reasoning_content`;
    if (vendor === 'openai' && 'reasoning_content' in message) return `message ${at} has a field of other vendors`;
  }
  return owed.length > 0 ? 'calls are not answered' : undefined;
}

const partsWith = (content: Json | undefined, field: string): List =>
  list(content?.['parts']).filter((part) => part[field] !== undefined);

function contentsFault(contents: List): string | undefined {
  for (const [at, content] of contents.entries()) {
    const { role } = content;
    if (role !== 'user' && role !== 'model') return `content ${at} has the role ${String(role)}`;
    if (role === 'model' && contents[at - 1]?.['role'] === 'model') return `content ${at} follows another of the model`;
    const calls = partsWith(content, 'functionCall');
    if (calls.length === 0) continue;
    const names = (from: List, field: string) => from.map((part) => (part[field] as Json)['name']);
    const answers = partsWith(contents[at + 1], 'functionResponse');
    if (names(calls, 'functionCall').join() !== names(answers, 'functionResponse').join())
      return `calls of content ${at} are not answered behind it, one by one`;
    if (calls[0]?.['thoughtSignature'] === undefined) return `content ${at} calls without a signature`;
    if (calls.slice(1).some((part) => part['thoughtSignature'] !== undefined))
      return `content ${at} signs more than the first of its calls`;
  }
  return undefined;
}
