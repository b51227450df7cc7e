import type { generation, HandlersFor } from '@bytespike/contracts';

import { runGeneration, type GenerationPorts } from './run-generation.js';

export const generationHandlers = (ports: GenerationPorts): HandlersFor<typeof generation> => ({
  run: (request, sink, context) => runGeneration(request, sink, context, ports),
});
