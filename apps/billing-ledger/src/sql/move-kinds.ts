import { MOVES } from '../domain/wallet-move.js';

/** The kinds of entries that move a wallet and belong to no request, as a list of SQL. */
export const MOVE_KINDS = [...new Set(Object.values(MOVES).map(({ entry }) => `'${entry}'`))].join(', ');
