import type { Operation } from '@bytespike/contracts';

/** What a Gemini address says that other protocols say in the body. */
export interface GeminiCall {
  readonly model: string;
  readonly operation: Operation;
  readonly stream: boolean;
}

const VERBS: Readonly<Record<string, Omit<GeminiCall, 'model'>>> = {
  generateContent: { operation: 'generate', stream: false },
  streamGenerateContent: { operation: 'generate', stream: true },
  countTokens: { operation: 'count', stream: false },
};

/** Resource prefixes that SDKs and Vertex-minded clients put before a model's name, once or twice. */
const PREFIX = /^(?:.*\/)?(?:models|tunedModels)\//;

/**
 * Reads `models/{m}:verb` as clients write it: with `models/` missing or doubled, or below a Vertex project.
 * Undefined when it is no such call.
 */
export function readGeminiPath(path: string): GeminiCall | undefined {
  const colon = path.lastIndexOf(':');
  const verb = VERBS[path.slice(colon + 1)];
  const model = path.slice(0, colon).replace(PREFIX, '');
  return colon > 0 && verb && model !== '' && Object.hasOwn(VERBS, path.slice(colon + 1))
    ? { model, ...verb }
    : undefined;
}
