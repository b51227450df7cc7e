import { isCarved, type CarvedSettlement, type Settlement } from '../domain/settlement.js';

type Ending<Item, Result> = (items: readonly Item[]) => Promise<readonly Result[]>;

/** Holds that were carved and holds with a row of their own end by different statements, each in one. */
export async function endAll<Result>(
  items: readonly Settlement[],
  spend: Ending<CarvedSettlement, Result>,
  end: Ending<Settlement, Result>,
): Promise<readonly Result[]> {
  const carved = items.filter(isCarved);
  if (carved.length === 0) return end(items);
  const own = items.filter((item) => !isCarved(item));
  const spent = await spend(carved);
  const ended = own.length === 0 ? [] : await end(own);
  const [ofCarved, ofOwn] = [spent.values(), ended.values()];
  return items.map((item) => {
    const { done, value } = (isCarved(item) ? ofCarved : ofOwn).next();
    if (done) throw new Error('ends were answered fewer than asked for');
    return value;
  });
}
