import { pairs } from '../testing/pairs.js';
import { STATES, toolLoop, TURNS } from '../testing/tool-loop.js';

/** Chat vendors keep their state in the open: it is the thought itself. */
const stateIn = (target: string): readonly (string | undefined)[] =>
  target === 'openai-chat'
    ? TURNS.map(({ thought }) => thought)
    : STATES.filter(({ owner }) => owner === target).map(({ data }) => data);

describe.each(pairs)('$client of a $target vendor', ({ client, target }) => {
  it('gives its vendor back the state of every turn of a tool loop', () => {
    const last = toolLoop(client, [target, target, target, target]).sent.at(-1);
    const earlier = stateIn(target).slice(0, 3);
    expect(earlier.filter((data) => data !== undefined && !last?.body.includes(data))).toEqual([]);
  });
});
