import { inspect } from 'node:util';

import type { SubmitOutcome } from '@bytespike/contracts';

import { aTask } from '../testing/a-task.js';
import { CREDENTIAL, keptFilm } from '../testing/scripted-vendor.js';
import { sent } from './after-send.js';

describe('what came of a send', () => {
  it('is written without the words that a vendor has made of the prompt', () => {
    const { name } = keptFilm('picture');
    const outcome: SubmitOutcome = {
      submitted: {
        type: 'finished',
        report: {
          state: 'succeeded',
          word: 'answered',
          assets: [{ from: 'store', asset: keptFilm('picture') }],
          rendered: { images: 1 },
        },
        revisedPrompts: { [name]: 'a boat of folded paper' },
      },
      credentialId: CREDENTIAL,
      attempts: [],
    };
    const change = sent(aTask({ state: 'submitting' }), outcome, { now: 3_600_000, random: () => 0, askMsMax: 10_000 });
    expect(change.assets).toEqual([keptFilm('picture')]);
    expect(inspect(change, { depth: null })).not.toContain('folded');
  });
});
