/**
 * The grammar of a Gemini stream, written from the reference (protocols 1.4) and from what its clients break on
 * (clients 0.11), not from our encoder, so that one cannot excuse the other.
 */
type Json = Readonly<Record<string, unknown>>;

const DATA = [
  'text',
  'inlineData',
  'fileData',
  'functionCall',
  'executableCode',
  'codeExecutionResult',
  'toolCall',
  'toolResponse',
];

const REASONS = [
  ...['STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'LANGUAGE', 'OTHER', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII'],
  ...['IMAGE_SAFETY', 'IMAGE_PROHIBITED_CONTENT', 'IMAGE_RECITATION', 'IMAGE_OTHER', 'NO_IMAGE', 'CONTINUATION'],
];

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Chunks of an SSE text; throws for a record that a client of this wire would trip over. */
export function readGeminiStream(text: string): readonly Json[] {
  const records = text.split('\n\n').filter((record) => record !== '');
  return records.map((record) => {
    const match = /^data: (\{[^\n]*\})$/.exec(record);
    if (!match) throw new Error(`not a record: ${record}`);
    return JSON.parse(match[1] ?? '') as Json;
  });
}

/** The first fault of a stream, or `undefined`. `whole` streams end in a reason to finish or to block. */
export function findGeminiFault(chunks: readonly Json[], expected: 'whole' | 'cut'): string | undefined {
  let ended = false;
  for (const chunk of chunks) {
    if (ended) return 'a chunk after the last';
    if (typeof chunk['responseId'] !== 'string' || typeof chunk['modelVersion'] !== 'string')
      return 'a chunk that does not say whose it is';
    const usage = chunk['usageMetadata'];
    const fault = (isObject(usage) && usageFault(usage)) || candidatesFault(chunk);
    if (fault) return fault;
    const [candidate] = listOf(chunk['candidates']);
    ended = chunk['promptFeedback'] !== undefined || candidate?.['finishReason'] !== undefined;
  }
  if (expected === 'whole') return ended ? undefined : 'no reason to finish';
  return ended ? 'a normal end of a stream that broke' : undefined;
}

function candidatesFault(chunk: Json): string | undefined {
  const candidates = listOf(chunk['candidates']);
  const feedback = chunk['promptFeedback'];
  if (isObject(feedback)) return typeof feedback['blockReason'] === 'string' ? undefined : 'a block without a reason';
  const [candidate] = candidates;
  if (!candidate || candidates.length > 1) return 'a chunk without its one candidate';
  const { content, finishReason: reason, index } = candidate;
  if (index !== 0) return 'a candidate without its number';
  if (!isObject(content) || content['role'] !== 'model') return 'a content that is not the model’s';
  if (reason !== undefined && !REASONS.includes(String(reason))) return `an unknown reason ${String(reason)}`;
  const parts = listOf(content['parts']);
  if (parts.length === 0 && reason === undefined) return 'a chunk that says nothing';
  return parts.map(partFault).find((fault) => fault !== undefined);
}

function partFault(part: Json): string | undefined {
  const held = DATA.filter((name) => part[name] !== undefined);
  if (held.length !== 1) return `a part that holds ${held.join(' and ') || 'nothing'}`;
  if (part['thought'] !== undefined && typeof part['text'] !== 'string') return 'a thought without text';
  const call = part['functionCall'];
  if (call === undefined) return undefined;
  if (!isObject(call) || typeof call['name'] !== 'string' || call['name'] === '') return 'a call without a name';
  return isObject(call['args']) ? undefined : 'a call that is not whole';
}

function usageFault(usage: Json): string | undefined {
  const of = (name: string): number => (typeof usage[name] === 'number' ? usage[name] : 0);
  const sum =
    of('promptTokenCount') + of('toolUsePromptTokenCount') + of('candidatesTokenCount') + of('thoughtsTokenCount');
  if (of('cachedContentTokenCount') > of('promptTokenCount')) return 'more cached than prompted';
  return sum === of('totalTokenCount') ? undefined : 'a total that is not the sum';
}
