import type { RenderReport, SubmitOutcome } from '@bytespike/contracts';

/** What one of several creates of the same work came to. */
export type Draw = Omit<SubmitOutcome, 'attempts'>;

type Succeeded = RenderReport & { readonly state: 'succeeded' };

/**
 * Several creates as one: pictures that came are what counts, whatever became of the others. Where none came, a create
 * that may have been taken says so for all of them, because then none may be sent again.
 */
export function combineDraws(draws: readonly [Draw, ...Draw[]]): Draw {
  const [first] = draws;
  const succeeded = draws.flatMap(reportIn);
  if (succeeded.length > 0) {
    const decisive = draws.find((draw) => reportIn(draw).length > 0) ?? first;
    return { ...decisive, submitted: { type: 'finished', report: succeeded.reduce(added) } };
  }
  const byWeight = ['unclear', 'accepted', 'finished', 'refused'] as const;
  const [decisive = first] = byWeight.flatMap((type) => draws.filter(({ submitted }) => submitted.type === type));
  return decisive;
}

const reportIn = ({ submitted }: Draw): readonly Succeeded[] =>
  submitted.type === 'finished' && submitted.report.state === 'succeeded' ? [submitted.report] : [];

const added = (one: Succeeded, other: Succeeded): Succeeded => ({
  ...one,
  assets: [...one.assets, ...other.assets],
  rendered: {
    images: one.assets.length + other.assets.length,
    ...(one.rendered.tokens !== undefined && { tokens: one.rendered.tokens + (other.rendered.tokens ?? 0) }),
  },
});
