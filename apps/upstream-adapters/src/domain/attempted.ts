import type { Attempt, Target } from '@bytespike/contracts';

type Attempted = 'channelId' | 'vendor' | 'model' | 'upstreamModel' | 'priceVersion';

/** What an attempt was made at: a target, of text or of pictures, with one of its credentials. */
export const attempted = (
  { channelId, vendor, model, upstreamModel, priceVersion }: Pick<Target, Attempted>,
  { id }: { readonly id: string },
): Pick<Attempt, Attempted | 'credentialId'> => ({
  ...{ channelId, vendor, model, upstreamModel, priceVersion },
  credentialId: id,
});
