import type { AssetStore } from '@bytespike/assets';
import { GatewayError } from '@bytespike/kernel';
import type { Logger } from '@bytespike/telemetry';

/** What a request leaves in the object store that nobody will ask for when it is over. */
export interface Leftovers {
  add(name: string): void;
  /** Removes all of it. Never rejects: what cannot be removed is retired with its age. */
  discard(): Promise<void>;
}

export interface LeftoverPorts {
  readonly assets: Pick<AssetStore, 'delete'>;
  readonly logger: Pick<Logger, 'warn'>;
}

export function createLeftovers(requestId: string, { assets, logger }: LeftoverPorts): Leftovers {
  const names = new Set<string>();
  return {
    add: (name) => void names.add(name),
    discard: async () => {
      for (const name of names) {
        await assets.delete(name).catch((thrown: unknown) => {
          logger.warn({ requestId, kind: GatewayError.from(thrown).kind }, 'a file without a use was not removed');
        });
      }
    },
  };
}
