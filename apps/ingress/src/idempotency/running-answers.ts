import type { KeptAnswer } from './answer-store.js';
import type { Fingerprint } from './fingerprint.js';

/** A named request that runs in this process. */
export interface RunningAnswer {
  readonly requestHash: string;
  /** Resolves when it has ended, to its answer if that is kept. */
  readonly ended: Promise<KeptAnswer | undefined>;
}

/** What runs here under a name, so that repeats which arrive here too need not ask the store again and again. */
export interface RunningAnswers {
  find(fingerprint: Fingerprint): RunningAnswer | undefined;
  /** To be called once for each claim, and its result when the claim has ended. */
  begin(fingerprint: Fingerprint): (answer: KeptAnswer | undefined) => void;
}

export function createRunningAnswers(): RunningAnswers {
  const running = new Map<string, RunningAnswer>();
  return {
    find: (fingerprint) => running.get(placeOf(fingerprint)),
    begin: (fingerprint) => {
      const place = placeOf(fingerprint);
      let resolve: (answer: KeptAnswer | undefined) => void = () => undefined;
      const ended = new Promise<KeptAnswer | undefined>((settle) => (resolve = settle));
      const own = { requestHash: fingerprint.requestHash, ended };
      running.set(place, own);
      return (answer) => {
        // A claim that was lost may have been taken by another request of this process.
        if (running.get(place) === own) running.delete(place);
        resolve(answer);
      };
    },
  };
}

const placeOf = ({ keyId, name }: Fingerprint): string => `${keyId} ${name}`;
