import type { Cell, RoutingGroup } from '@bytespike/catalog';

/** What a (model, protocol) cell opens in a group, with tools and without. */
export type Opening = 'native' | 'translated' | 'translated-without-tools' | 'closed';

/** Contract 0.2, row by row: what each cell opens where the group takes translation, and where it does not. */
const OPENINGS = {
  native: { any: 'native', native: 'native' },
  translated: { any: 'translated', native: 'closed' },
  shim: { any: 'translated', native: 'closed' },
  planned: { any: 'translated-without-tools', native: 'closed' },
  none: { any: 'closed', native: 'closed' },
} as const satisfies Record<Cell, Record<RoutingGroup['fidelity'], Opening>>;

/** What a cell opens in a group. An `extended` group opens the cells the matrix leaves empty, by translation. */
export function openingOf(cell: Cell, group: Pick<RoutingGroup, 'fidelity' | 'extended'>): Opening {
  if (cell === 'none' && group.extended && group.fidelity === 'any') return 'translated';
  return OPENINGS[cell][group.fidelity];
}
