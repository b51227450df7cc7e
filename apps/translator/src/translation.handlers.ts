import type { HandlersFor, translation } from '@bytespike/contracts';
import { inSpan } from '@bytespike/telemetry';

import { runCount } from './run-count.js';
import { runTranslation, type TranslationPorts } from './run-translation.js';

export const translationHandlers = (ports: TranslationPorts): HandlersFor<typeof translation> => ({
  run: (request, sink, context) => {
    const run = request.input.operation === 'count' ? runCount : runTranslation;
    return inSpan('translate', {}, () => run(request, sink, context, ports));
  },
});
