import type { Controls } from '../wire/desk.js';

const SHOWN_USUAL = 1_000;

/** How a test looks at what was ordered to be drawn or filmed. */
export const renderControls: Controls = {
  'GET /_sim/renders': ({ renders }, { query }) => {
    const containing = query.get('containing') ?? '';
    const limit = Number(query.get('limit') ?? SHOWN_USUAL);
    const found = renders.everything().filter(({ prompt, id }) => prompt.includes(containing) || id === containing);
    return { renders: found.slice(0, limit).map((render) => ({ ...render, timesTaken: renders.timesTaken(render) })) };
  },
  'DELETE /_sim/renders': ({ renders }) => {
    renders.clear();
    return { renders: [] };
  },
};
