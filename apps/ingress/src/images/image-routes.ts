import { versioned } from '../http/paths.js';
import type { Route } from '../http/route.js';
import type { ImagesRoute } from './read-pictures.js';
import { serveImages } from './serve-images.js';

const imageRoute = (route: ImagesRoute): Route => ({
  method: 'POST',
  template: `/v1/images/${route}`,
  paths: versioned(`/images/${route}`),
  dialect: 'openai-chat',
  kind: { protocol: 'images', operation: 'generate' },
  serve: (exchange, gateway) => serveImages(exchange, route, gateway),
});

/** Pictures while their caller waits (contract 10); more, or larger ones, are tasks. */
export const imageRoutes: readonly Route[] = [imageRoute('generations'), imageRoute('edits')];
