import type { Usage } from '@bytespike/kernel';

import type { Finish } from './finish.js';
import type { ResponsePart } from './part.js';

/** What a model answered. It is the fold of its stream, whether or not there was one (law 5). */
export interface GenerateResponse {
  readonly id?: string;
  readonly model?: string;
  /** Epoch seconds, where the vendor says. */
  readonly createdAt?: number;
  readonly parts: readonly ResponsePart[];
  readonly finish: Finish;
  /** Disjoint classes; totals are computed where they are rendered. Absent: the vendor reported none. */
  readonly usage?: Usage;
  /** The tier that served, in the hub's words (`standard`, `priority`). */
  readonly tier?: string;
}
