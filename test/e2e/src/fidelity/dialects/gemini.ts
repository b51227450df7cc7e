import type { Answered, Ask, Part, Received, Turn } from '../neutral.js';
import { inexpressible } from '../neutral.js';
import { contentText, numberAt, pick, pickAll, textAt, wordAt } from '../pick.js';
import type { Dialect } from './dialect.js';

const partOf = (part: Part): readonly unknown[] => {
  switch (part.type) {
    case 'text':
      return [{ text: part.text }];
    case 'image':
      return [{ inlineData: { mimeType: part.mime, data: part.data } }];
    case 'image-address':
      return [{ fileData: { mimeType: 'image/png', fileUri: part.url } }];
    case 'pdf':
      return [{ inlineData: { mimeType: 'application/pdf', data: part.data } }];
    case 'result': {
      const { id, name } = part.call;
      const response = part.failed ? { error: part.text } : { output: part.text };
      const parts = part.image && [{ inlineData: { mimeType: 'image/png', data: part.image } }];
      return [{ functionResponse: { ...(id !== '' && { id }), name, response, ...(parts && { parts }) } }];
    }
    case 'kept':
      return part.kept;
  }
};

const contentOf = ({ role, parts }: Turn): object =>
  role === 'system'
    ? inexpressible('a later system turn')
    : { role: role === 'user' ? 'user' : 'model', parts: parts.flatMap(partOf) };

const callingOf = ({ choice, parallel }: Ask): object => {
  if (parallel === 'off') inexpressible('parallel calls off');
  if (choice === undefined) return {};
  const calling =
    choice === 'none'
      ? { mode: 'NONE' }
      : choice === 'any'
        ? { mode: 'ANY' }
        : 'tool' in choice
          ? { mode: 'ANY', allowedFunctionNames: [choice.tool] }
          : { mode: 'VALIDATED', allowedFunctionNames: choice.allowed };
  return { toolConfig: { functionCallingConfig: calling } };
};

const thinkingOf = ({ reasoning }: Ask): object => {
  if (reasoning === undefined) return {};
  if (reasoning === 'off') return { thinkingConfig: { thinkingBudget: 0 } };
  if (reasoning === 'shown') return { thinkingConfig: { includeThoughts: true, thinkingLevel: 'MEDIUM' } };
  return { thinkingConfig: { thinkingLevel: reasoning.effort.toUpperCase() } };
};

const formatOf = ({ format }: Ask): object => {
  if (format === undefined) return {};
  return {
    responseMimeType: 'application/json',
    ...(typeof format === 'object' && { responseJsonSchema: format.schema }),
  };
};

const promptOf = (ask: Ask): object => {
  const declared = ask.tools?.map(({ name, schema }) =>
    schema ? { name, description: `Does ${name}`, parametersJsonSchema: schema } : inexpressible('free-form tools'),
  );
  const tools = [
    ...(declared ? [{ functionDeclarations: declared }] : []),
    ...(ask.search ? [{ googleSearch: {} }] : []),
  ];
  return {
    contents: ask.turns.map(contentOf),
    ...(ask.system !== undefined && { systemInstruction: { parts: [{ text: ask.system }] } }),
    ...(tools.length > 0 && { tools }),
    ...callingOf(ask),
  };
};

const write: Dialect['write'] = (ask, model, stream) => {
  if (ask.marks) inexpressible('cache marks');
  const config = {
    ...thinkingOf(ask),
    ...formatOf(ask),
    ...(ask.stop && { stopSequences: ask.stop }),
    ...(ask.maxTokens !== undefined && { maxOutputTokens: ask.maxTokens }),
    ...(ask.temperature !== undefined && { temperature: ask.temperature }),
    ...(ask.topP !== undefined && { topP: ask.topP }),
    ...(ask.seed !== undefined && { seed: ask.seed }),
  };
  if (ask.endUser !== undefined) inexpressible('an end user');
  return {
    path: `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: { ...promptOf(ask), ...(Object.keys(config).length > 0 && { generationConfig: config }) },
  };
};

const readChoice = (body: unknown): string => {
  const mode = wordAt(body, 'toolConfig.functionCallingConfig.mode') ?? 'AUTO';
  const names = pickAll(body, 'toolConfig.functionCallingConfig.allowedFunctionNames.*');
  if (mode === 'ANY' && names.length === 1) return `tool ${String(names[0])}`;
  return mode === 'VALIDATED' ? 'auto' : mode.toLowerCase();
};

const effortOf = (body: unknown): string | undefined => {
  const config = pick(body, 'generationConfig.thinkingConfig');
  if (pick(config, 'thinkingBudget') === 0) return 'none';
  return wordAt(config, 'thinkingLevel')?.toLowerCase();
};

const readRequest = (body: unknown): Received => {
  const contents = pickAll(body, 'contents.*');
  const parts = pickAll(contents, '*.parts.*');
  const config = pick(body, 'generationConfig');
  const responsesOf = pickAll(parts, '*.functionResponse');
  const isMime = (prefix: string) => (data: unknown) => wordAt(data, 'mimeType')?.startsWith(prefix) === true;
  const inline = pickAll(parts, '*.inlineData');
  return {
    system: contentText(pick(body, 'systemInstruction.parts')),
    roles: contents.map((content) => (pick(content, 'role') === 'model' ? 'assistant' : 'user')),
    text: contents.map((content) => contentText(pick(content, 'parts'))).join('\n'),
    images: [
      ...inline.filter(isMime('image/')).map((data) => `${wordAt(data, 'mimeType')} ${wordAt(data, 'data')}`),
      ...pickAll(parts, '*.fileData.fileUri').map(String),
    ],
    pdfs: inline.filter(isMime('application/pdf')).length,
    tools: pickAll(body, 'tools.*.functionDeclarations.*.name').map(String),
    freeform: [],
    choice: readChoice(body),
    allowed: pickAll(body, 'toolConfig.functionCallingConfig.allowedFunctionNames.*').map(String),
    parallel: 'on',
    results: responsesOf.map((response) => ({
      text: JSON.stringify(pick(response, 'response')),
      images: pickAll(response, 'parts.*.inlineData').length,
      failed: pick(response, 'response.error') !== undefined,
    })),
    effort: effortOf(body),
    format:
      wordAt(config, 'responseMimeType') !== 'application/json'
        ? 'none'
        : (pick(config, 'responseJsonSchema') ?? pick(config, 'responseSchema')) === undefined
          ? 'json'
          : 'schema',
    stop: pickAll(config, 'stopSequences.*').map(String),
    maxTokens: pick(config, 'maxOutputTokens') as number | undefined,
    temperature: pick(config, 'temperature') as number | undefined,
    topP: pick(config, 'topP') as number | undefined,
    seed: pick(config, 'seed') as number | undefined,
    marks: 0,
    search: pickAll(body, 'tools.*.googleSearch').length > 0,
    endUser: undefined,
    state: pickAll(parts, '*.thoughtSignature').map(String),
  };
};

const FINISH: Readonly<Record<string, Answered['finish']>> = { STOP: 'end', MAX_TOKENS: 'length', SAFETY: 'refusal' };

const finishOf = (answer: unknown, calls: number): Answered['finish'] => {
  if (pick(answer, 'promptFeedback.blockReason') !== undefined) return 'refusal';
  const finish = FINISH[wordAt(answer, 'candidates.*.finishReason') ?? ''] ?? 'other';
  return finish === 'end' && calls > 0 ? 'tools' : finish;
};

/** Google counts in bytes of UTF-8. */
const sliceBytes = (text: string, from: number, to: number): string =>
  Buffer.from(text, 'utf8').subarray(from, to).toString('utf8');

const citationsOf = (answer: unknown): Answered['citations'] => {
  const grounding = pick(answer, 'candidates.*.groundingMetadata');
  const chunks = pickAll(grounding, 'groundingChunks.*');
  const text = pickAll(answer, 'candidates.*.content.parts.*')
    .filter((part) => pick(part, 'thought') !== true)
    .map((part) => textAt(part, 'text'))
    .join('');
  return pickAll(grounding, 'groundingSupports.*').flatMap((support) =>
    pickAll(support, 'groundingChunkIndices.*').map((index) => ({
      url: wordAt(chunks[Number(index)], 'web.uri') ?? '',
      words: sliceBytes(text, numberAt(support, 'segment.startIndex'), numberAt(support, 'segment.endIndex')),
    })),
  );
};

const readAnswer = (answer: unknown): Answered => {
  const parts = pickAll(answer, 'candidates.*.content.parts.*');
  const thought = (part: unknown): boolean => pick(part, 'thought') === true;
  const calls = pickAll(parts, '*.functionCall').map((call) => ({
    id: wordAt(call, 'id') ?? '',
    name: wordAt(call, 'name') ?? '',
    input: pick(call, 'args') ?? {},
  }));
  return {
    text: textAt(
      parts.filter((part) => !thought(part)),
      '*.text',
    ),
    reasoning: textAt(parts.filter(thought), '*.text'),
    calls,
    finish: finishOf(answer, calls.length),
    usage: {
      input: numberAt(answer, 'usageMetadata.promptTokenCount'),
      cached: numberAt(answer, 'usageMetadata.cachedContentTokenCount'),
      output:
        numberAt(answer, 'usageMetadata.candidatesTokenCount') + numberAt(answer, 'usageMetadata.thoughtsTokenCount'),
    },
    citations: citationsOf(answer),
    kept: parts,
  };
};

/** Every record is an answer of its own; parts are increments, and the last word on anything else stands. */
const fold = (events: readonly unknown[]): unknown => {
  const last = events.at(-1);
  const ended = pick(last, 'candidates.*.finishReason') ?? pick(last, 'promptFeedback.blockReason');
  if (ended === undefined) return undefined;
  const parts = pickAll(events, '*.candidates.*.content.parts.*');
  const grounding = pickAll(events, '*.candidates.*.groundingMetadata').at(-1);
  const candidate = pick(last, 'candidates.*') as object | undefined;
  return {
    ...(last as object),
    ...(candidate && {
      candidates: [
        {
          ...candidate,
          content: { role: 'model', parts },
          ...(grounding !== undefined && { groundingMetadata: grounding }),
        },
      ],
    }),
    usageMetadata: pickAll(events, '*.usageMetadata').at(-1),
  };
};

export const gemini: Dialect = {
  protocol: 'gemini-generate',
  asksToSee: true,
  write,
  writeCount: (ask, model) => ({ path: `/v1beta/models/${model}:countTokens`, body: countBody(ask, model) }),
  readCount: (answer) => numberAt(answer, 'totalTokens'),
  readRequest,
  readAnswer,
  fold,
  failed: (events) => pickAll(events, '*.error').length > 0,
};

const countBody = (ask: Ask, model: string): object => ({
  generateContentRequest: { model: `models/${model}`, ...promptOf(ask) },
});
