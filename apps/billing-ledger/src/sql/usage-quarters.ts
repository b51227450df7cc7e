import { TOKEN_CLASSES } from '../domain/token-classes.js';

/** The units of some classes as SQL sums them from rows with `units`. */
export const unitsOf = (classes: readonly string[]): string =>
  `coalesce(sum(${classes.map((one) => `coalesce((units->>'${one}')::bigint, 0)`).join(' + ')}), 0)::bigint`;

/** What rows of usage sum up to; the names are those of `ledger.usage_quarter`. */
const USAGE_SUMS = `count(*) AS calls, coalesce(sum(cost), 0)::bigint AS cost,
    ${unitsOf(TOKEN_CLASSES.input)} AS input, ${unitsOf(TOKEN_CLASSES.cacheRead)} AS cache_read,
    ${unitsOf(TOKEN_CLASSES.cacheWrite)} AS cache_write, ${unitsOf(TOKEN_CLASSES.output)} AS output,
    ${unitsOf(TOKEN_CLASSES.reasoning)} AS reasoning, ${unitsOf(['images'])} AS images, ${unitsOf(['seconds'])} AS seconds`;

/** The columns that are summed. */
export const SUMMED = 'calls cost input cache_read cache_write output reasoning images seconds'.split(' ');

/** The row of `ledger.usage_quarter` in which a row of usage is counted. */
export const QUARTER_KEY = 'account_id, quarter, key_id, key_hint, model';

/** The quarter of an hour in which a row of usage was written. */
const QUARTER = `date_bin('15 minutes', created_at, 'epoch')`;

/** Adds sums to the quarters that stand, in the order of the key, so that no two writers wait for each other. */
export const addToQuarters = (sums: string): string => `
  INSERT INTO ledger.usage_quarter AS known (${QUARTER_KEY}, ${SUMMED.join(', ')})
  ${sums}
  ORDER BY ${QUARTER_KEY}
  ON CONFLICT (${QUARTER_KEY}) DO UPDATE SET ${SUMMED.map((one) => `${one} = known.${one} + excluded.${one}`).join(', ')}`;

/** The quarters as they follow from rows of usage, be it all of them or those that one statement has written. */
export const foldOfUsage = (rows: string): string => `
  SELECT account_id, ${QUARTER} AS quarter, key_id, key_hint, model, ${USAGE_SUMS}
  FROM ${rows} GROUP BY ${QUARTER_KEY}`;
