import { GatewayError } from '@bytespike/kernel';

/** So many at once of one owner in this process, so that one leaves room for all others. */
export interface Places {
  /** Takes a place until the function that it returns is called. Throws `concurrency` when its owner has all of them. */
  take(owner: string): () => void;
}

const AGAIN_MS = 1_000;

/** `what` says of what there are `max`, in a sentence that begins with that number. */
export function createPlaces(max: number, what: string): Places {
  const taken = new Map<string, number>();
  const leave = (owner: string): void => {
    const left = (taken.get(owner) ?? 0) - 1;
    if (left > 0) taken.set(owner, left);
    else taken.delete(owner);
  };
  return {
    take: (owner) => {
      const present = taken.get(owner) ?? 0;
      if (present >= max) throw new GatewayError('concurrency', `At most ${max} ${what}.`, { retryAfterMs: AGAIN_MS });
      taken.set(owner, present + 1);
      let isTaken = true;
      return () => {
        if (isTaken) leave(owner);
        isTaken = false;
      };
    },
  };
}
