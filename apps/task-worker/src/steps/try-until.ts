import { GatewayError } from '@bytespike/kernel';

import type { WorkPorts } from './ports.js';

const AGAIN_MS = 500;

/** Does what must not be lost again and again while the store is away, up to the limit. */
export async function tryUntil<T>(
  work: () => Promise<T>,
  limitMs: number,
  { logger }: Pick<WorkPorts, 'logger'>,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { kind } = GatewayError.from(error);
      if (kind !== 'unavailable' || Date.now() >= end) throw error;
      logger.warn({ kind }, 'the store is away; what came of a send is kept meanwhile');
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
