import { metrics } from '@bytespike/telemetry';

interface Described {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** Every metric of ours; the default process metrics come on top. */
export function metricsPage(): string {
  const rows = (Object.values(metrics) as unknown[]).map((metric) => {
    const { name, help, labelNames } = metric as Described;
    return `| \`${name}\` | ${(metric as object).constructor.name.toLowerCase()} | ${labelNames.join(', ')} | ${help} |`;
  });
  return ['# Metrics', '', '| metric | type | labels | what it says |', '|---|---|---|---|', ...rows].join('\n');
}
