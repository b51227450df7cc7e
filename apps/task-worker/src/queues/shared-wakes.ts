/** More slots than lie within any wait for a question. */
const KNOWN_MAX = 1_000;

/** Wakes that this process has noted for many, until they are due. */
export class SharedWakes {
  private readonly dueAt = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  isNoted(name: string): boolean {
    return (this.dueAt.get(name) ?? 0) > this.now();
  }

  noted(name: string, delayMs: number): void {
    if (this.dueAt.size >= KNOWN_MAX)
      for (const [known, at] of this.dueAt) if (at <= this.now()) this.dueAt.delete(known);
    if (this.dueAt.size >= KNOWN_MAX) this.dueAt.clear();
    this.dueAt.set(name, this.now() + delayMs);
  }
}
