/**
 * Moves money in the wallets of rows, which have `account_id`; what is added to the two columns is said of each row. Whoever sends
 * this has read the wallets as `wallet` when locking them, and what they become is reckoned from there: a statement that has
 * waited for the lock meets the row it updates first as it was before, and Postgres holds what comes of that against the
 * table's constraints before it finds that there is a newer one (ExecUpdateAct in nodeModifyTable.c). What the wallet
 * covers by now would be refused as overdrawn.
 */
export const moveWallets = (rows: string, added: { readonly available: string; readonly held: string }): string => `
  UPDATE ledger.account AS account SET available = wallet.available + change.available, held = wallet.held + change.held
  FROM (SELECT account_id, sum(${added.available})::bigint AS available, sum(${added.held})::bigint AS held FROM ${rows} GROUP BY account_id) AS change
  JOIN wallet ON wallet.id = change.account_id
  WHERE account.id = wallet.id AND (change.available <> 0 OR change.held <> 0)`;
