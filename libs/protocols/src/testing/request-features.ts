import type { GenerateRequest, Part, ToolResultContent } from '@bytespike/ir';

const partsOf = ({ turns }: GenerateRequest): readonly Part[] => turns.flatMap(({ parts }) => parts);

const isText = <P extends { readonly type: string }>(part: P): part is Extract<P, { type: 'text' }> =>
  part.type === 'text';

const resultsOf = (request: GenerateRequest) =>
  partsOf(request).flatMap((part) => (part.type === 'tool-result' ? [part] : []));

const mediaOf = (parts: readonly (Part | ToolResultContent)[], kind: string) =>
  parts.flatMap((part) => (part.type === 'media' && part.kind === kind ? [part.source] : []));

const valueOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/**
 * What a request says, feature by feature, in words that do not depend on its dialect: turns may be merged or split on
 * the way, so texts are told by who says them and not by which message holds them.
 */
export const FEATURES = {
  text: (request: GenerateRequest) => ({
    system: request.system.flatMap(({ parts }) => parts.filter(isText).map(({ text }) => text)).join('\n\n'),
    turns: request.turns
      .filter(({ role }) => role === 'user' || role === 'assistant')
      .flatMap(({ role, parts }) => parts.filter(isText).map(({ text }) => `${role}: ${text}`)),
  }),
  laterInstructions: ({ turns }: GenerateRequest) =>
    turns
      .filter(({ role }) => role === 'system' || role === 'developer')
      .flatMap(({ parts }) => parts.filter(isText).map(({ text }) => text)),
  images: (request: GenerateRequest) => mediaOf(partsOf(request), 'image'),
  pdf: (request: GenerateRequest) => mediaOf(partsOf(request), 'pdf'),
  tools: ({ tools }: GenerateRequest) =>
    tools.map((tool) => (tool.kind === 'function' ? [tool.name, tool.description, tool.parameters] : [tool.name])),
  calls: (request: GenerateRequest) =>
    partsOf(request).flatMap((part) =>
      part.type === 'tool-call' ? [[part.id, part.name, valueOf(part.argumentsText)]] : [],
    ),
  results: (request: GenerateRequest) =>
    resultsOf(request).map(({ callId, content }) => [callId, content.filter(isText).map(({ text }) => text)]),
  resultMedia: (request: GenerateRequest) => resultsOf(request).map(({ content }) => mediaOf(content, 'image')),
  effort: ({ reasoning }: GenerateRequest) => reasoning?.effort,
  schema: ({ format }: GenerateRequest) => (format?.kind === 'json-schema' ? format.schema : undefined),
  cacheMarks: (request: GenerateRequest) =>
    partsOf(request)
      .filter((part) => part.cache !== undefined)
      .map((part) => part.type),
  parallel: ({ parallelTools }: GenerateRequest) => parallelTools,
  limit: ({ limits }: GenerateRequest) => limits?.maxOutputTokens,
  stop: ({ sampling }: GenerateRequest) => sampling?.stop,
  topK: ({ sampling }: GenerateRequest) => sampling?.topK,
  seed: ({ sampling }: GenerateRequest) => sampling?.seed,
  penalties: ({ sampling }: GenerateRequest) => [sampling?.frequencyPenalty, sampling?.presencePenalty],
} as const;

export type Feature = keyof typeof FEATURES;
