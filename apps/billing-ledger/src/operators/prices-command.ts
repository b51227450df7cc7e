import { readPriceHistory } from '../sql/price-rows.js';
import { UsageError, type Command } from './run-command.js';

/** What a model was sold at, and when. */
export const pricesCommand: Command = {
  usage: 'prices MODEL',
  options: {},
  takesWord: true,
  run: async ({ pool, word: model, say }) => {
    if (model === undefined) throw new UsageError('which model?');
    const periods = await readPriceHistory(pool, model);
    if (periods.length === 0) say(`${model} was never sold`);
    for (const { id, from, until, status, usdPerMillion } of periods) {
      const prices = Object.entries(usdPerMillion).map(([usageClass, usd]) => `${usageClass} ${usd}`);
      say(`${id}  from ${from.toISOString()} until ${until?.toISOString() ?? 'further notice'}  (${status})`);
      say(`    USD per million: ${prices.join(', ')}`);
    }
    return periods.length === 0 ? 1 : 0;
  },
};
