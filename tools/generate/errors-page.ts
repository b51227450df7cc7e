import { ERROR_KINDS, errorKinds } from '@bytespike/kernel';

/** The table of failures, as operators and contributors read it. */
export function errorsPage(): string {
  const rows = errorKinds.map((kind) => {
    const { status, retry, clientSafe, fault } = ERROR_KINDS[kind];
    return `| \`${kind}\` | ${status} | ${retry} | ${clientSafe ? 'yes' : 'no'} | ${fault} |`;
  });
  return [
    '# Failures',
    '',
    'One closed list. A failure never bills. `retry` is what may be tried before the first content has been sent.',
    '',
    '| kind | HTTP | retry | message shown | whose fault |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
