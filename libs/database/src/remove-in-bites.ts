/** More than expire between two passes at any load this is meant for; the next pass takes the rest. */
const BITES_MAX = 100;

/** Has rows removed that are of no use any more, so few at a time that nobody waits for their locks; `bite` says how many went. */
export async function removeInBites(bite: () => Promise<number>): Promise<void> {
  for (let bites = 0; bites < BITES_MAX; bites += 1) if ((await bite()) === 0) return;
}
