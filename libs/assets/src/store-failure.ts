import { GatewayError } from '@bytespike/kernel';

/** What a store throws when it cannot do its work. The cause may name places and goes to the log only. */
export const storeFailure = (cause: unknown): GatewayError =>
  cause instanceof GatewayError ? cause : new GatewayError('unavailable', 'the asset store failed', { cause });

/** The result of a store's own work, its failure told as `unavailable`. */
export async function stored<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw storeFailure(cause);
  }
}
