import { creditAs, nano } from './accounts.js';

const DOLLAR = '1.00';

/**
 * Somebody pays in a dollar at a time, and says it again by the same name until it is heard to have been taken, whoever is
 * killed meanwhile. When stopped it answers what the wallet has had of it.
 */
export function startTopUps(accountId: string): { stop(): Promise<bigint> } {
  let stopped = false;
  let paid = 0n;
  const payAll = async (): Promise<void> => {
    while (!stopped) {
      const transactionId = crypto.randomUUID();
      while (!(await isTaken(accountId, transactionId))) await new Promise((resolve) => setTimeout(resolve, 100));
      paid += nano(DOLLAR);
    }
  };
  const paying = payAll();
  return {
    stop: async () => {
      stopped = true;
      await paying;
      return paid;
    },
  };
}

const isTaken = (accountId: string, transactionId: string): Promise<boolean> =>
  creditAs(transactionId, accountId, DOLLAR).then(
    () => true,
    () => false,
  );
