import type { HandlersFor, translation } from '@bytespike/contracts';
import { inSpan } from '@bytespike/telemetry';

import { createBodiesInHand } from './bodies-in-hand.js';
import { runCount } from './run-count.js';
import { runTranslation, type TranslationPorts } from './run-translation.js';

export const translationHandlers = (
  ports: TranslationPorts,
  bodies = createBodiesInHand(),
): HandlersFor<typeof translation> => ({
  run: (request, sink, context) => {
    const run = request.input.operation === 'count' ? runCount : runTranslation;
    return inSpan('translate', {}, () =>
      bodies.during(request.body?.length ?? 0, () => run(request, sink, context, ports)),
    );
  },
});
