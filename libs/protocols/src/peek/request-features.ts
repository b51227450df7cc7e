import type { Features } from '@bytespike/contracts';

import type { PeekedBody } from './peeked-body.js';

/** What a request needs of its model and its lane, for whoever plans it. */
export const requestFeatures = (
  { hasTools, mayHaveImages, thinking, usesState }: PeekedBody,
  { stream, capsule }: Pick<Features, 'stream' | 'capsule'>,
): Features => ({ stream, tools: hasTools, vision: mayHaveImages, thinking, state: usesState, capsule });
