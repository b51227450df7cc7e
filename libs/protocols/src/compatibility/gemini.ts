import type { Effort } from '@bytespike/ir';

import type { SchemaDialectName } from '../json-schema/dialects.js';

export type ThinkingLevel = 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';

/** What a generation of models takes on the Gemini wire (reference, protocols 1.4, 2.6 and 2.7). */
export interface GeminiCompatibility {
  /** How much to think: as a level, or as a budget of tokens up to `budgetMax`. */
  readonly thinking: ThinkingByLevel | ThinkingByBudget;
  /** Media in a function's response: as its parts, or beside it. */
  readonly resultMedia: 'parts' | 'beside';
  /** Whether the first call of every step must carry a signature. */
  readonly signatures: 'required' | 'optional';
  readonly schemas: SchemaDialectName & `gemini-${string}`;
  /** Whether functions go together with tools the vendor runs, and with an answer in JSON. */
  readonly functionsWithOthers: 'send' | 'reject';
  readonly stopMax: number;
  readonly temperatureMax: number;
}

export interface ThinkingByLevel {
  readonly by: 'level';
  /** The level of each effort; where it says less or more than the effort, that is told. */
  readonly levels: Readonly<Record<Effort, ThinkingLevel>>;
}

export interface ThinkingByBudget {
  readonly by: 'budget';
  readonly budgets: Readonly<Record<Effort, number>>;
  readonly budgetMax: number;
}

const FLASH_LEVELS = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
} as const satisfies ThinkingByLevel['levels'];

/** These cannot be told not to think, nor to think hardly at all. */
const PRO_LEVELS = { ...FLASH_LEVELS, none: 'LOW', minimal: 'LOW' } as const satisfies ThinkingByLevel['levels'];

const CURRENT: GeminiCompatibility = {
  thinking: { by: 'level', levels: FLASH_LEVELS },
  resultMedia: 'parts',
  signatures: 'required',
  schemas: 'gemini-json-schema',
  functionsWithOthers: 'send',
  stopMax: 5,
  temperatureMax: 2,
};

const FLASH_BUDGETS = {
  none: 0,
  minimal: 512,
  low: 2_048,
  medium: 8_192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
} as const satisfies ThinkingByBudget['budgets'];

const EARLIER: GeminiCompatibility = {
  ...CURRENT,
  thinking: { by: 'budget', budgets: FLASH_BUDGETS, budgetMax: 24_576 },
  resultMedia: 'beside',
  signatures: 'optional',
  functionsWithOthers: 'reject',
};

/** What a name says of its generation; the first row that fits holds, and a name that says nothing is a new model's. */
const GENERATIONS: readonly { readonly model: RegExp; readonly profile: GeminiCompatibility }[] = [
  {
    model: /^gemini-(1|2\.0)\b/,
    profile: { ...EARLIER, schemas: 'gemini-openapi' },
  },
  {
    model: /^gemini-2[.-]5-pro\b/,
    profile: {
      ...EARLIER,
      thinking: {
        by: 'budget',
        // The least it thinks with: it cannot be told not to.
        budgets: { ...FLASH_BUDGETS, none: 128, xhigh: 32_768, max: 32_768 },
        budgetMax: 32_768,
      },
    },
  },
  { model: /^gemini-2[.-]5\b/, profile: EARLIER },
  {
    model: /^gemini-3-pro\b/,
    // The first of them knows two levels.
    profile: { ...CURRENT, thinking: { by: 'level', levels: { ...PRO_LEVELS, medium: 'HIGH' } } },
  },
  { model: /^gemini-[\d.-]+-pro\b/, profile: { ...CURRENT, thinking: { by: 'level', levels: PRO_LEVELS } } },
];

/** The profile of a model on this wire, by the name its vendor gives it. */
export const geminiCompatibility = (upstreamModel: string): GeminiCompatibility =>
  GENERATIONS.find(({ model }) => model.test(upstreamModel))?.profile ?? CURRENT;
