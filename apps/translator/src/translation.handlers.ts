import type { HandlersFor, translation } from '@bytespike/contracts';
import { inSpan } from '@bytespike/telemetry';

import { runTranslation, type TranslationPorts } from './run-translation.js';

export const translationHandlers = (ports: TranslationPorts): HandlersFor<typeof translation> => ({
  run: (request, sink, context) => inSpan('translate', {}, () => runTranslation(request, sink, context, ports)),
});
