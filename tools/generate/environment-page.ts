import { processEnv } from '@bytespike/service';
import type { z } from 'zod';

import { billingLedger } from '../../apps/billing-ledger/src/service.js';
import { consoleApi } from '../../apps/console-api/src/service.js';
import { ingress } from '../../apps/ingress/src/service.js';
import { simulatorEnv } from '../../apps/provider-sim/src/env.js';
import { router } from '../../apps/router/src/service.js';
import { taskWorker } from '../../apps/task-worker/src/service.js';
import { translator } from '../../apps/translator/src/service.js';
import { upstreamAdapters } from '../../apps/upstream-adapters/src/service.js';

const SERVICES = [ingress, router, translator, upstreamAdapters, taskWorker, billingLedger, consoleApi];

/** What each service reads from its environment. */
export function environmentPage(): string {
  const sections = [
    section('Every process but provider-sim', processEnv),
    ...SERVICES.flatMap(({ name, env }) => (env ? [section(name, env)] : [])),
    section('provider-sim', simulatorEnv),
  ];
  return ['# Environment', '', ...sections].join('\n');
}

function section(title: string, schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape as Record<string, z.ZodType>).map(
    ([name, field]) => `| \`${name}\` | ${fallback(field)} | ${field.description ?? ''} |`,
  );
  return [`## ${title}`, '', '| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n');
}

/** What a service takes when the variable is not set, in the words that one would set it to. */
function fallback(field: z.ZodType): string {
  const { success, data } = field.safeParse(undefined);
  if (!success) return 'required';
  if (data === undefined) return 'optional';
  if (typeof data === 'boolean') return data ? '`on`' : '`off`';
  return data === '' ? 'empty' : `\`${String(data)}\``;
}
