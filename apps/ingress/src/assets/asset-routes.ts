import { ASSETS_PATH } from '@bytespike/assets';

import type { Route } from '../http/route.js';
import { serveAsset } from './serve-asset.js';

/** What was made, for whoever has a link to it; `HEAD` asks the same without the bytes. */
export const assetRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: `${ASSETS_PATH}{name}`,
    paths: [`${ASSETS_PATH}*`],
    dialect: 'openai-chat',
    serve: serveAsset,
  },
];
