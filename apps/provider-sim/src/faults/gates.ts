/** Named gates at which held requests wait until they are released. */
export interface Gates {
  /** Resolves on release, or when the caller has gone. */
  wait(name: string, gone: AbortSignal): Promise<void>;
  /** Lets everybody at the gate pass and says how many they were. */
  release(name: string): number;
  releaseAll(): number;
  waiting(): Readonly<Record<string, number>>;
}

export const createGates = (): Gates => {
  const gates = new Map<string, Set<() => void>>();
  const release = (name: string): number => {
    const waiting = gates.get(name) ?? new Set();
    gates.delete(name);
    for (const pass of waiting) pass();
    return waiting.size;
  };
  return {
    wait: (name, gone) =>
      new Promise((resolve) => {
        const waiting = gates.get(name) ?? new Set();
        gates.set(name, waiting.add(resolve));
        gone.addEventListener('abort', () => {
          waiting.delete(resolve);
          resolve();
        });
      }),
    release,
    releaseAll: () => Array.from(gates.keys()).reduce((count, name) => count + release(name), 0),
    waiting: () => Object.fromEntries(Array.from(gates, ([name, waiting]) => [name, waiting.size])),
  };
};
