/** A promise that a test resolves when it is its turn. */
export interface Step<T = void> {
  readonly done: Promise<T>;
  take(value: T): void;
}

export function step<T = void>(): Step<T> {
  let take: (value: T) => void = () => undefined;
  const done = new Promise<T>((resolve) => {
    take = resolve;
  });
  return { done, take: (value) => take(value) };
}

/** Waits until `isTrue` says so; the test's own timeout bounds it. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise(setImmediate);
}

/** Resolves when a call's signal aborts. */
export const whenAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
