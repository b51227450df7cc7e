/** Something that must never have reached a vendor, and where it did. */
export interface Violation {
  readonly exchangeId: number;
  readonly path: string;
  readonly what: string;
}

export interface Violations {
  note(violation: Violation): void;
  all(): readonly Violation[];
  clear(): void;
}

const KEPT_MAX = 1_000;

/** Keeps the first violations: a test asks for them at its end, whatever the recorder has let go of since. */
export const createViolations = (): Violations => {
  const kept: Violation[] = [];
  return {
    note: (violation) => {
      if (kept.length < KEPT_MAX) kept.push(violation);
    },
    all: () => [...kept],
    clear: () => {
      kept.length = 0;
    },
  };
};
