import fc from 'fast-check';
import { anyScript, bodyOf, callRoute, recordsOf } from '../testing/any-script.js';
import { gemini } from './gemini.js';

type Part = Record<string, unknown>;
interface Response {
  readonly candidates?: readonly {
    content: { parts?: readonly Part[] };
    finishReason?: string;
    groundingMetadata?: object;
  }[];
  readonly usageMetadata: Record<string, unknown>;
}

const PATH = '/v1/models/{model}';
const bodyFor = (script: string) => ({
  contents: [{ role: 'user', parts: [{ text: script }] }],
  tools: [{ functionDeclarations: [{ name: 'look', parametersJsonSchema: { type: 'object' } }] }, { googleSearch: {} }],
  generationConfig: { thinkingConfig: { includeThoughts: true } },
});
const answer = (script: string) =>
  bodyOf(callRoute(gemini, `${PATH}:generateContent`, { body: bodyFor(script) })) as unknown as Response;
const streamOf = (script: string, query: string) =>
  callRoute(gemini, `${PATH}:streamGenerateContent`, { body: bodyFor(script), query });

/** Adds parts up as clients do: texts by kind, calls as they are, a signature from wherever it came. */
const gather = (responses: readonly Response[]) => {
  const parts = responses.flatMap((response) => response.candidates?.[0]?.content.parts ?? []);
  const text = (isThought: boolean) =>
    parts.filter((part) => typeof part['text'] === 'string' && (part['thought'] === true) === isThought);
  const last = responses.at(-1)!;
  return {
    thoughts: text(true)
      .map((part) => part['text'])
      .join(''),
    said: text(false)
      .map((part) => part['text'])
      .join(''),
    signatures: parts.flatMap((part) => part['thoughtSignature'] ?? []),
    calls: parts.filter((part) => part['functionCall'] !== undefined),
    finish: last.candidates?.[0]?.finishReason,
    grounding: last.candidates?.[0]?.groundingMetadata,
    usage: last.usageMetadata,
  };
};

describe('for any script, the Gemini stream', () => {
  it('adds up to the unary answer, as events and as an array', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const whole = gather([answer(script)]);
        const events = recordsOf(streamOf(script, 'alt=sse')) as unknown as Response[];
        expect(gather(events)).toEqual(whole);
        const array = streamOf(script, '');
        const text = array.type === 'stream' ? array.frames.map((frame) => frame.text).join('') : '';
        expect(JSON.parse(text)).toEqual(events);
      }),
      { numRuns: 25 },
    );
  });

  it('counts everything once', () => {
    fc.assert(
      fc.property(anyScript, (script) => {
        const {
          promptTokenCount,
          candidatesTokenCount = 0,
          thoughtsTokenCount = 0,
          toolUsePromptTokenCount = 0,
          totalTokenCount,
        } = answer(script).usageMetadata;
        const parts = [promptTokenCount, candidatesTokenCount, thoughtsTokenCount, toolUsePromptTokenCount].map(Number);
        expect(parts.reduce((sum, count) => sum + count, 0)).toBe(totalTokenCount);
      }),
      { numRuns: 25 },
    );
  });
});
