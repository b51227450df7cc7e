import type { ProtocolName } from '@bytespike/kernel';

/** The language an answer is written in: a protocol's, or the account surface's own (contract 0.8). */
export type Dialect = ProtocolName | 'management';

/** What a caller shows of itself beside the path (protocols 1.5). */
export interface CallerHints {
  readonly anthropicVersion: boolean;
  /** `x-goog-api-key`, or a key in the query: only Gemini clients send those. */
  readonly googleKey: boolean;
}

const VERSIONS = /^(?:\/+v1(?:beta)?(?=\/|$))+/;

const BY_PATH: readonly (readonly [RegExp, Dialect])[] = [
  [/^\/+api\/v1(\/|$)/, 'management'],
  [/^\/+v1beta(\/|$)/, 'gemini-generate'],
  [/^[^?]*:\w+$/, 'gemini-generate'],
];

const BY_SURFACE: readonly (readonly [RegExp, Dialect])[] = [
  [/^\/+messages(\/|$)/, 'anthropic-messages'],
  [/^\/+(responses|conversations)(\/|$)/, 'openai-responses'],
  [/^\/+(chat|completions|embeddings|audio|rerank|assistants|threads|images|videos|tasks)(\/|$)/, 'openai-chat'],
  [/^\/+cachedContents(\/|$)/, 'gemini-generate'],
];

/**
 * The dialect of an answer where no route says it: an unknown path, a wrong method, broken HTTP. The path decides
 * where it can, then what the caller shows of itself; OpenAI's shape is what most clients read.
 */
export function dialectOf(path: string, hints: CallerHints): Dialect {
  const surface = path.replace(VERSIONS, '');
  const row = BY_PATH.find(([shape]) => shape.test(path)) ?? BY_SURFACE.find(([shape]) => shape.test(surface));
  return row?.[1] ?? dialectOfCaller(hints);
}

/** `GET /v1/models` is asked by three protocols on one path (clients 0.4, protocols 1.5). */
export function dialectOfCaller({ anthropicVersion, googleKey }: CallerHints): Dialect {
  if (anthropicVersion) return 'anthropic-messages';
  return googleKey ? 'gemini-generate' : 'openai-chat';
}
