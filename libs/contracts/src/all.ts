import { account } from './account.js';
import { billing } from './billing.js';
import { book } from './book.js';
import { configuration } from './configuration.js';
import type { ContractGroup } from './define.js';
import { generation, translation } from './generation.js';
import { health } from './health.js';
import { media } from './media.js';
import { payments } from './payments.js';
import { preview } from './preview.js';
import { routing } from './routing.js';
import { statement } from './statement.js';
import { storedResponses } from './stored-responses.js';
import { tasks } from './tasks.js';
import { wallet } from './wallet.js';

/** Every message there is, by owner; docs/generated/subjects.md and the tidy test read this. */
export const ALL_CONTRACTS = {
  account,
  billing,
  book,
  configuration,
  generation,
  health,
  media,
  payments,
  preview,
  routing,
  statement,
  storedResponses,
  tasks,
  translation,
  wallet,
} as const satisfies Record<string, ContractGroup>;
