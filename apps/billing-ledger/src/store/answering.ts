import { isUnreachable } from '@bytespike/database';
import { GatewayError } from '@bytespike/kernel';

/** A store that cannot answer is `unavailable` (503), never a refusal; anything else is a bug and stays what it is. */
export async function answering<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isUnreachable(error)) throw new GatewayError('unavailable', 'the ledger store cannot answer', { cause: error });
    throw error;
  }
}
