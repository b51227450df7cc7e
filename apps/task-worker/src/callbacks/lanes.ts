import { LIMITS } from '@bytespike/kernel';

/** How much of each account this process is telling: a receiver that answers nothing must not be all it waits for. */
export class Lanes {
  private readonly taken = new Map<string, number>();

  /** Takes a lane of an account; false when all of them are taken. */
  enter(accountId: string): boolean {
    const taken = this.taken.get(accountId) ?? 0;
    if (taken >= LIMITS.callbacksAtOncePerAccount) return false;
    this.taken.set(accountId, taken + 1);
    return true;
  }

  leave(accountId: string): void {
    const left = (this.taken.get(accountId) ?? 0) - 1;
    if (left > 0) this.taken.set(accountId, left);
    else this.taken.delete(accountId);
  }
}
