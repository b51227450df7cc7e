import { createHash } from 'node:crypto';

import { ALL_CONTRACTS, type Contract } from '@bytespike/contracts';
import { z } from 'zod';

/** Every message between services. The hash changes when the shape on the wire does. */
export function subjectsPage(): string {
  const rows = Object.entries(ALL_CONTRACTS).flatMap(([owner, group]) =>
    Object.values<Contract>(group).map(
      (contract) =>
        `| \`${contract.subject}\` | ${contract.kind} | ${owner} | ${limit(contract)} | \`${hash(contract)}\` |`,
    ),
  );
  return ['# Subjects', '', '| subject | kind | owner | limit | wire hash |', '|---|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function limit(contract: Contract): string {
  if (contract.kind === 'rpc') return `answer within ${contract.timeoutMs} ms`;
  if (contract.kind === 'stream') return `silence of a peer at most ${contract.idleTimeoutMs} ms`;
  return `delivery: ${contract.delivery}`;
}

function hash(contract: Contract): string {
  const schemas = Object.values(contract).filter((value): value is z.ZodType => value instanceof z.ZodType);
  const shapes = schemas.map((schema) => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return createHash('sha256').update(JSON.stringify(shapes)).digest('hex').slice(0, 12);
}
