import { GatewayError, type ProtocolName } from '@bytespike/kernel';

import { readGeminiPath } from '../domain/gemini-path.js';
import { serveGeneration } from '../serve-generation.js';
import { geminiVersioned, versioned } from './paths.js';
import type { Route } from './route.js';

/** The three protocols that say everything in the body. */
const BODY_PROTOCOLS = [
  { protocol: 'anthropic-messages', generate: '/messages', count: '/messages/count_tokens' },
  { protocol: 'openai-responses', generate: '/responses', count: '/responses/input_tokens' },
  { protocol: 'openai-chat', generate: '/chat/completions', count: undefined },
] as const satisfies readonly { protocol: ProtocolName; generate: string; count: string | undefined }[];

const bodyRoute = (protocol: ProtocolName, operation: 'generate' | 'count', path: string): Route => ({
  method: 'POST',
  template: `/v1${path}`,
  paths: versioned(path),
  dialect: protocol,
  kind: { protocol, operation },
  serve: (exchange, gateway) => serveGeneration(exchange, { protocol, operation }, gateway),
});

/** Gemini says model, verb and stream in the address; one wildcard takes every way of writing it. */
const geminiRoute: Route = {
  method: 'POST',
  template: '/v1beta/models/{model}:{verb}',
  paths: [...geminiVersioned('/models/*'), ...geminiVersioned('/*'), ...versioned('/models/*')],
  dialect: 'gemini-generate',
  kind: { protocol: 'gemini-generate', operation: 'generate' },
  serve: async (exchange, gateway) => {
    const call = readGeminiPath(exchange.resource);
    if (!call)
      throw new GatewayError(
        'not-found',
        'There is no such method: use models/{model}:generateContent, :streamGenerateContent or :countTokens.',
      );
    return serveGeneration(exchange, { protocol: 'gemini-generate', ...call }, gateway);
  },
};

/** The token path (contract 4.1 to 4.4), and the free counts beside it. */
export const generationRoutes: readonly Route[] = [
  ...BODY_PROTOCOLS.flatMap(({ protocol, generate, count }) => [
    bodyRoute(protocol, 'generate', generate),
    ...(count === undefined ? [] : [bodyRoute(protocol, 'count', count)]),
  ]),
  geminiRoute,
];
