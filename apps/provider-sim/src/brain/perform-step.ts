import type { AnswerPart, TextPart, ToolCall } from './answer.js';
import type { Conversation, JsonObject, JsonValue, MediaPart, ToolDeclaration } from './conversation.js';
import { idFrom } from './digest.js';
import type { Exchange } from './exchange.js';
import { textOf } from './exchange.js';
import { isObject, valueFromSchema } from './from-schema.js';
import type { Directive, Step } from './script.js';
import { searchResults } from './search-results.js';
import { words } from './words.js';

export interface Scene {
  readonly conversation: Conversation;
  readonly exchange: Exchange;
  /** Names the conversation; ids grow from it. */
  readonly key: string;
}

/** Carries out the orders of one step, or says something sensible when there are none. */
export const performStep = (step: Step, scene: Scene): readonly AnswerPart[] => {
  const { conversation, exchange } = scene;
  const texts = joinTexts(step.flatMap((directive) => textFor(directive, scene)));
  const searches = step.flatMap((directive) => searchFor(directive, scene));
  const calls = callsOf(step, scene);
  if (calls.length > 0) return [...texts, ...searches, ...calls];
  if (conversation.outputSchema !== undefined) return [text(structured(conversation.outputSchema, texts))];
  const said = [...searches, ...texts];
  if (said.length > 0) return said;
  return [text(exchange.results.length > 0 ? quoteResults(exchange) : defaultAnswer(exchange))];
};

const text = (content: string): TextPart => ({ type: 'text', text: content, sources: [] });

const joinTexts = (lines: readonly string[]): readonly TextPart[] =>
  lines.length === 0 ? [] : [text(lines.join('\n'))];

/** What a directive makes the model say; those that do something else say nothing. */
const textFor = (directive: Directive, { conversation, exchange }: Scene): readonly string[] => {
  switch (directive.type) {
    case 'say':
      return [directive.text];
    case 'count':
      return [Array.from({ length: directive.to }, (_, index) => index + 1).join(', ')];
    case 'words':
      return [words(directive.number)];
    case 'max':
      return [words(conversation.maxOutputTokens > 1_000 ? 1_000 : conversation.maxOutputTokens + 1)];
    case 'see':
      return [`I see ${describeMedia(exchange.media)}.`];
    case 'recall':
      return [recall(conversation)];
    case 'system':
      return [
        conversation.turns
          .filter((turn) => turn.role === 'system')
          .map(textOf)
          .join('\n') || 'no system prompt',
      ];
    case 'tools':
      return [conversation.tools.map((tool) => tool.name).join(', ') || 'no tools'];
    default:
      return [];
  }
};

const recall = ({ turns }: Conversation): string =>
  turns
    .filter((turn) => turn.role !== 'system')
    .map((turn) => `${turn.role}: ${textOf(turn)}`)
    .join(' | ');

const describeMedia = (media: readonly MediaPart[]): string =>
  media.length === 0
    ? 'nothing'
    : `${media.length}: ${media.map((part) => `${part.mime} of ${part.bytes} bytes`).join(', ')}`;

const searchFor = (directive: Directive, { conversation, key }: Scene): readonly AnswerPart[] => {
  if (directive.type !== 'search') return [];
  if (conversation.webSearch === 'absent') return [text('I cannot search the web here.')];
  const results = searchResults(directive.query);
  const cited = results[0];
  return [
    { type: 'search', id: idFrom(`${key} search ${directive.query}`), query: directive.query, results },
    text(`I searched for ${directive.query}. `),
    { type: 'text', text: cited?.snippet ?? 'Nothing was found.', sources: cited === undefined ? [] : [cited] },
  ];
};

const callsOf = (step: Step, scene: Scene): readonly (ToolCall | TextPart)[] => {
  const { tools, toolChoice, parallelCalls } = scene.conversation;
  if (toolChoice.mode === 'none' || tools.length === 0) return [];
  const asked = step.flatMap((directive) => (directive.type === 'call' ? [directive] : []));
  const known = asked.flatMap(({ tool, input }) => {
    const declared = tools.find(({ name }) => name === tool);
    return declared === undefined ? [] : [{ tool: declared, input }];
  });
  const wanted = known.length > 0 ? known : forced(scene.conversation);
  const allowed = parallelCalls === 'single' ? wanted.slice(0, 1) : wanted;
  return allowed.map(({ tool, input }, index) => callOf(tool, input, `${scene.key} call ${index}`));
};

/** The call a caller insists on, when the prompt names none. */
const forced = ({ tools, toolChoice }: Conversation): readonly { tool: ToolDeclaration; input: string }[] => {
  if (toolChoice.mode !== 'any' && toolChoice.mode !== 'tool') return [];
  const tool = toolChoice.mode === 'tool' ? tools.find(({ name }) => name === toolChoice.name) : tools[0];
  return tool === undefined ? [] : [{ tool, input: '' }];
};

const callOf = (tool: ToolDeclaration, written: string, key: string): ToolCall => {
  const input = readObject(written) ?? readObject(JSON.stringify(valueFromSchema(tool.schema))) ?? {};
  return { type: 'tool-call', id: idFrom(key), name: tool.name, input, inputText: JSON.stringify(input) };
};

const readObject = (written: string): JsonObject | undefined => {
  if (written === '') return undefined;
  try {
    const value: JsonValue = JSON.parse(written);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** `say: {...}` is taken at its word when it is an object; otherwise the schema itself makes the value. */
const structured = (schema: JsonObject, texts: readonly TextPart[]): string => {
  const said = readObject(texts[0]?.text ?? '');
  return JSON.stringify(said ?? valueFromSchema(schema));
};

const quoteResults = ({ results }: Exchange): string =>
  results
    .map((result) => {
      const said = result.parts.map((part) => (part.type === 'text' ? part.text : describeMedia([part]))).join(' ');
      return `${result.outcome === 'error' ? 'A tool failed' : 'A tool answered'}: ${said}`;
    })
    .join('\n');

const QUOTE_CHARACTERS_MAX = 200;

const defaultAnswer = ({ prompt, media }: Exchange): string => {
  const quoted = prompt
    .slice(0, 10 * QUOTE_CHARACTERS_MAX)
    .trim()
    .replace(/\s+/g, ' ')
    .slice(0, QUOTE_CHARACTERS_MAX);
  const seen = media.length === 0 ? '' : ` I see ${describeMedia(media)}.`;
  return `You wrote "${quoted}".${seen} I am a simulated model, so this sentence is all I have to say about it.`;
};
