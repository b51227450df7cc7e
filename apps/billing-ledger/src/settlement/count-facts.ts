import type { UsageFact } from '@bytespike/contracts';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { UsageLine } from '../domain/settlement.js';
import type { FactResult } from './usage-consumer.js';

/** Facts that should not happen are worth a line; the rest are counted. */
const LOUD: readonly FactResult[] = ['late', 'unknown', 'quarantined'];

/** Counts what became of the facts of a batch, and is told once for all of them: a batch has few models and fewer results. */
export class FactCounts {
  private readonly results = new Map<FactResult, number>();
  /** Units by class, of each model. */
  private readonly billed = new Map<string, Map<string, number>>();

  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  count(result: FactResult, { requestId, model }: UsageFact, line: UsageLine | undefined): void {
    add(this.results, result, 1);
    if (line) this.bill(model, line.units);
    if (LOUD.includes(result)) this.logger.warn({ requestId, result }, 'a usage fact was not settled');
  }

  tell(): void {
    for (const [result, facts] of this.results) metrics.usageFacts.inc({ result }, facts);
    for (const [model, units] of this.billed)
      for (const [usageClass, sum] of units) metrics.tokens.inc({ model, class: usageClass }, sum);
  }

  private bill(model: string, units: UsageLine['units']): void {
    let sums = this.billed.get(model);
    if (!sums) this.billed.set(model, (sums = new Map()));
    for (const usageClass in units) add(sums, usageClass, units[usageClass as keyof typeof units] ?? 0);
  }
}

function add<Name>(sums: Map<Name, number>, name: Name, more: number): void {
  sums.set(name, (sums.get(name) ?? 0) + more);
}
