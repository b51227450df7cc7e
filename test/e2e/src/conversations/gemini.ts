import { GoogleGenAI, ThinkingLevel, type Content, type GenerateContentResponse, type Part } from '@google/genai';

import { gateway } from '../platform.js';
import { CITY, OUTPUT_TOKENS, TOOLS, type Answer, type Call, type Open, type Setting } from './conversation.js';

const functionDeclarations = TOOLS.map((name) => ({
  ...{ name, description: `${name} of a city`, parametersJsonSchema: CITY },
}));

/** A Gemini client, whose parts go back unchanged, signatures included. */
export const openGemini: Open = (key) => {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: gateway } });
  const contents: Content[] = [];
  let calls: readonly Call[] = [];
  const ask = async ({ model, stream, thinking }: Setting): Promise<Answer> => {
    const body = {
      ...{ model, contents },
      config: {
        maxOutputTokens: OUTPUT_TOKENS,
        tools: [{ functionDeclarations }],
        ...(thinking && { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.MEDIUM } }),
      },
    };
    const responses: GenerateContentResponse[] = [];
    if (stream) for await (const chunk of await client.models.generateContentStream(body)) responses.push(chunk);
    else responses.push(await client.models.generateContent(body));
    const parts = responses.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
    contents.push({ role: 'model', parts });
    const answer = answerOf(parts, responses);
    calls = answer.calls;
    return answer;
  };
  return {
    say: (prompt, setting) => {
      contents.push({ role: 'user', parts: [{ text: prompt }] });
      return ask(setting);
    },
    answerCalls: (results, setting) => {
      const parts = calls.map(({ id, name }, index) => ({
        functionResponse: { ...(id !== '' && { id }), name, response: { output: results[index] ?? '' } },
      }));
      contents.push({ role: 'user', parts });
      return ask(setting);
    },
  };
};

const answerOf = (parts: readonly Part[], responses: readonly GenerateContentResponse[]): Answer => {
  const textWhere = (thought: boolean): string =>
    parts.map((part) => (Boolean(part.thought) === thought ? (part.text ?? '') : '')).join('');
  const calls = parts.flatMap(({ functionCall: call }) =>
    call ? [{ id: call.id ?? '', name: call.name ?? '', input: call.args }] : [],
  );
  const finish = responses.findLast(({ candidates }) => candidates?.[0]?.finishReason)?.candidates?.[0]?.finishReason;
  const usage = responses.findLast(({ usageMetadata }) => usageMetadata)?.usageMetadata;
  return {
    text: textWhere(false),
    reasoning: textWhere(true),
    calls,
    wantsTools: finish === 'STOP' && calls.length > 0,
    outputTokens: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
  };
};
