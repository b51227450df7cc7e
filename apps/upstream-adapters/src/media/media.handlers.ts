import type { HandlersFor, media } from '@bytespike/contracts';

import { askManyRenders } from './ask-many-renders.js';
import { askRender } from './ask-render.js';
import { cancelRender } from './cancel-render.js';
import { fetchAsset } from './fetch-asset.js';
import { lookUpRender } from './look-up-render.js';
import type { MediaPorts } from './media-ports.js';
import { submitRender } from './submit/submit-render.js';

export const mediaHandlers = (ports: MediaPorts): HandlersFor<typeof media> => ({
  submit: (request, sink, context) => submitRender(request, sink, context, ports),
  ask: (input, context) => askRender(input, context, ports),
  askMany: (input, context) => askManyRenders(input, context, ports),
  lookUp: (input, context) => lookUpRender(input, context, ports),
  cancel: (input, context) => cancelRender(input, context, ports),
  fetch: (request, _sink, context) => fetchAsset(request, context, ports),
});
