import type { RenderReport, SubmitOutcome } from '@bytespike/contracts';

import type { Finished } from './kept-pictures.js';

/** What one of several creates of the same work came to. */
export type Draw = Omit<SubmitOutcome, 'attempts'>;

type Succeeded = RenderReport & { readonly state: 'succeeded' };
type Drawn = Finished & { readonly report: Succeeded };

/**
 * Several creates as one: pictures that came are what counts, whatever became of the others. Where none came, a create
 * that may have been taken says so for all of them, because then none may be sent again.
 */
export function combineDraws(draws: readonly [Draw, ...Draw[]]): Draw {
  const [first] = draws;
  const drawn = draws.flatMap(drawnIn);
  if (drawn.length > 0) {
    const decisive = draws.find((draw) => drawnIn(draw).length > 0) ?? first;
    return { ...decisive, submitted: drawn.reduce(added) };
  }
  const byWeight = ['unclear', 'accepted', 'finished', 'refused'] as const;
  const [decisive = first] = byWeight.flatMap((type) => draws.filter(({ submitted }) => submitted.type === type));
  return decisive;
}

function drawnIn({ submitted }: Draw): readonly Drawn[] {
  if (submitted.type !== 'finished' || submitted.report.state !== 'succeeded') return [];
  return [{ ...submitted, report: submitted.report }];
}

const added = (one: Drawn, other: Drawn): Drawn => ({
  type: 'finished',
  report: together(one.report, other.report),
  ...((one.revisedPrompts ?? other.revisedPrompts) && {
    revisedPrompts: { ...one.revisedPrompts, ...other.revisedPrompts },
  }),
});

const together = (one: Succeeded, other: Succeeded): Succeeded => ({
  ...one,
  assets: [...one.assets, ...other.assets],
  rendered: {
    images: one.assets.length + other.assets.length,
    ...(one.rendered.tokens !== undefined && { tokens: one.rendered.tokens + (other.rendered.tokens ?? 0) }),
  },
});
