/**
 * How long whoever is refused for open holds alone waits before each further look. A request that was answered keeps its hold
 * until its fact is settled, some moments later: a client that asks for one thing after another is not refused for what
 * is over.
 */
export const looksAgainMs = (settleLingerMs: number): readonly number[] => [50, settleLingerMs + 50, 250, 600];

/** The looks that one request is worth. */
export class SecondLooks {
  private taken = 0;

  constructor(private readonly waitsMs: readonly number[]) {}

  /** Waits until it is time to look again; false, at once, when all have been taken. */
  async next(): Promise<boolean> {
    const waitMs = this.waitsMs[this.taken];
    if (waitMs === undefined) return false;
    this.taken += 1;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    return true;
  }
}
