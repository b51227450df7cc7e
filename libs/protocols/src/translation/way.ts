import type { GenerateRequest } from '@bytespike/ir';

import type { ExchangeOptions } from './exchange-options.js';
import type { Reader } from './reasoning/reader.js';
import type { FittedTools } from './tools/tool-forms.js';
import type { Translatable } from './translatable.js';
import type { WrittenRequest } from './write-request.js';

/** What the way back needs to know of the way there. */
export interface Way {
  readonly client: Translatable;
  readonly target: Translatable;
  readonly asked: GenerateRequest;
  readonly tools: FittedTools;
  /** What was asked as the vendor is asked it: its own names of tools, its own ids. */
  readonly fitted: GenerateRequest;
  readonly written: WrittenRequest;
  readonly reader: Reader;
  /** Whether the reasoning of this answer is kept for the next turn. */
  readonly remembers: 'yes' | 'no';
  readonly options: ExchangeOptions;
}
