import { z } from 'zod';

import { anyObject } from '../any-object.js';
import { REQUEST } from './messages.js';
import { readProto } from './proto-json.js';

const text = z.string().optional();

const Blob = z.looseObject({ mimeType: z.string(), data: z.string(), displayName: text });
const File = z.looseObject({ fileUri: z.string(), mimeType: text, displayName: text });

const FunctionCall = z.looseObject({ id: text, name: z.string().min(1), args: anyObject.optional() });
const FunctionResponse = z.looseObject({
  id: text,
  name: z.string().min(1),
  response: anyObject.optional(),
  parts: z.array(z.looseObject({ inlineData: Blob.optional(), fileData: File.optional() })).optional(),
});

const partFields = {
  text,
  thought: z.boolean().optional(),
  thoughtSignature: text,
  inlineData: Blob.optional(),
  fileData: File.optional(),
  mediaResolution: z.union([z.string(), z.looseObject({ level: text })]).optional(),
};

const Part = z.looseObject({
  ...partFields,
  functionCall: FunctionCall.optional(),
  functionResponse: FunctionResponse.optional(),
});

const Content = z.looseObject({
  role: z.enum(['user', 'model', 'function', 'tool', '']).optional(),
  parts: z.array(Part),
});

/** A content, or the text or parts that the SDKs take for one. */
const Instruction = z.union([
  z.string(),
  z.array(z.union([z.string(), Part])),
  z.looseObject({ role: text, parts: z.array(Part) }),
]);

const Declaration = z.looseObject({
  name: z.string().min(1),
  description: text,
  parameters: anyObject.optional(),
  parametersJsonSchema: anyObject.optional(),
});

const Tool = z.looseObject({
  functionDeclarations: z.array(Declaration).optional(),
  googleSearch: z.looseObject({ excludeDomains: z.array(z.string()).optional() }).optional(),
});

const number = z.number().optional();

const GenerationConfig = z.looseObject({
  temperature: number,
  topP: number,
  topK: number,
  candidateCount: number,
  maxOutputTokens: number,
  stopSequences: z.array(z.string()).optional(),
  presencePenalty: number,
  frequencyPenalty: number,
  seed: number,
  responseLogprobs: z.boolean().optional(),
  logprobs: number,
  responseMimeType: text,
  responseSchema: anyObject.optional(),
  responseJsonSchema: anyObject.optional(),
  responseModalities: z.array(z.string()).optional(),
  thinkingConfig: z
    .looseObject({ includeThoughts: z.boolean().optional(), thinkingBudget: number, thinkingLevel: text })
    .optional(),
});

const RequestFields = z.looseObject({
  contents: z.array(Content).min(1),
  systemInstruction: Instruction.optional(),
  tools: z.array(Tool).optional(),
  toolConfig: z
    .looseObject({
      functionCallingConfig: z
        .looseObject({ mode: text, allowedFunctionNames: z.array(z.string()).optional() })
        .optional(),
    })
    .optional(),
  safetySettings: z.array(z.looseObject({ category: text, threshold: text })).optional(),
  generationConfig: GenerationConfig.optional(),
  labels: z.record(z.string(), z.string()).optional(),
  serviceTier: text,
});

/** A request, its names in camelCase whichever way they were spelled. */
export const WireRequest = z.preprocess((value) => readProto(value, REQUEST), RequestFields);

const count = z.number().nullish();

/** Of what vendors send only what is acted on, and that leniently: their changes must not break us. */
const Usage = z.looseObject({
  promptTokenCount: count,
  cachedContentTokenCount: count,
  candidatesTokenCount: count,
  thoughtsTokenCount: count,
  toolUsePromptTokenCount: count,
  totalTokenCount: count,
  serviceTier: z.string().nullish(),
});

const PartialArg = z.looseObject({
  jsonPath: z.string(),
  stringValue: text,
  numberValue: number,
  boolValue: z.boolean().optional(),
});

const CallPiece = z.looseObject({
  id: z.string().nullish(),
  name: z.string().nullish(),
  args: anyObject.nullish(),
  partialArgs: z.array(PartialArg).nullish(),
  willContinue: z.boolean().nullish(),
});

const AnswerPart = z.looseObject({ ...partFields, functionCall: CallPiece.optional() });

const index = z.number().int().nonnegative();

const Grounding = z.looseObject({
  webSearchQueries: z.array(z.string()).nullish(),
  groundingChunks: z
    .array(z.looseObject({ web: z.looseObject({ uri: z.string().nullish(), title: z.string().nullish() }).nullish() }))
    .nullish(),
  groundingSupports: z
    .array(
      z.looseObject({
        segment: z
          .looseObject({
            partIndex: index.nullish(),
            startIndex: index.nullish(),
            endIndex: index.nullish(),
            text: z.string().nullish(),
          })
          .nullish(),
        groundingChunkIndices: z.array(index).nullish(),
      }),
    )
    .nullish(),
});

const Recitation = z.looseObject({
  startIndex: z.number().nullish(),
  endIndex: z.number().nullish(),
  uri: z.string().nullish(),
  title: z.string().nullish(),
});
const recitations = z.array(Recitation).nullish();

const Candidate = z.looseObject({
  index: z.number().nullish(),
  content: z.looseObject({ role: z.string().nullish(), parts: z.array(AnswerPart).nullish() }).nullish(),
  finishReason: z.string().nullish(),
  finishMessage: z.string().nullish(),
  continuationToken: z.string().nullish(),
  groundingMetadata: Grounding.nullish(),
  citationMetadata: z.looseObject({ citationSources: recitations, citations: recitations }).nullish(),
});

/** An answer, and also every chunk of a streamed one: a whole answer whose parts are increments. */
export const WireResponse = z.looseObject({
  candidates: z.array(Candidate).nullish(),
  promptFeedback: z
    .looseObject({ blockReason: z.string().nullish(), blockReasonMessage: z.string().nullish() })
    .nullish(),
  usageMetadata: Usage.nullish(),
  modelVersion: z.string().nullish(),
  responseId: z.string().nullish(),
  error: z
    .looseObject({ code: z.number().nullish(), message: z.string().nullish(), status: z.string().nullish() })
    .nullish(),
});
export const WireChunk = WireResponse;

export type WireRequest = z.output<typeof RequestFields>;
export type WireContent = z.output<typeof Content>;
export type WirePart = z.output<typeof Part>;
export type WireTool = z.output<typeof Tool>;
export type WireDeclaration = z.output<typeof Declaration>;
export type WireGenerationConfig = z.output<typeof GenerationConfig>;
export type WireFunctionResponse = z.output<typeof FunctionResponse>;
export type WireResponse = z.output<typeof WireResponse>;
export type WireChunk = WireResponse;
export type WireRecitation = z.output<typeof Recitation>;
export type WireCandidate = z.output<typeof Candidate>;
export type WireAnswerPart = z.output<typeof AnswerPart>;
export type WireCallPiece = z.output<typeof CallPiece>;
export type WirePartialArg = z.output<typeof PartialArg>;
export type WireGrounding = z.output<typeof Grounding>;
export type WireUsage = z.output<typeof Usage>;
