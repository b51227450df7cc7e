import { processEnv } from '@bytespike/service';
import { z } from 'zod';

import { billingLedger } from '../../apps/billing-ledger/src/service.js';
import { consoleApi } from '../../apps/console-api/src/service.js';
import { ingress } from '../../apps/ingress/src/service.js';
import { simulatorEnv } from '../../apps/provider-sim/src/env.js';
import { router } from '../../apps/router/src/service.js';
import { taskWorker } from '../../apps/task-worker/src/service.js';
import { translator } from '../../apps/translator/src/service.js';
import { upstreamAdapters } from '../../apps/upstream-adapters/src/service.js';

const SERVICES = [ingress, router, translator, upstreamAdapters, taskWorker, billingLedger, consoleApi];

interface Field {
  readonly description?: string;
  readonly default?: unknown;
}

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
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const rows = Object.entries(properties as Record<string, Field>).map(([name, field]) => {
    const fallback = required.includes(name)
      ? 'required'
      : field.default === undefined
        ? 'optional'
        : field.default === ''
          ? 'empty'
          : `\`${field.default}\``;
    return `| \`${name}\` | ${fallback} | ${field.description ?? ''} |`;
  });
  return [`## ${title}`, '', '| variable | default | meaning |', '|---|---|---|', ...rows, ''].join('\n');
}
