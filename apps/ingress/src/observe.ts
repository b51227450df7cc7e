import type { Operation, Outcome, Surface } from '@bytespike/contracts';
import type { ErrorKind } from '@bytespike/kernel';
import { metrics, type Logger } from '@bytespike/telemetry';

import type { Exchange } from './http/exchange.js';

/** How an exchange ended, from closed sets only: this becomes labels. */
export interface RequestEnd {
  readonly result: Outcome['ending'] | ErrorKind;
  /** A catalogue id, never a caller's string; absent when none was found. */
  readonly model?: string;
  readonly stream?: boolean;
  /** Where one route serves several. */
  readonly operation?: Operation;
}

export const COMPLETE: RequestEnd = { result: 'complete' };

/** What kind of request a route serves, as metrics tell them apart; absent for the account surface. */
export interface ObservedKind {
  readonly protocol: Surface;
  readonly operation: Operation;
}

/** Why a request failed says more than that it did. */
export const resultOf = ({ ending, failure }: Outcome): RequestEnd['result'] =>
  ending === 'failed' && failure ? failure.kind : ending;

/** Records an exchange once, when its answer has ended: one log line, and the metrics of a model request. */
export function observeEnd(
  exchange: Exchange,
  { route, kind }: { readonly route: string; readonly kind: ObservedKind | undefined },
  { result, model, stream, operation }: RequestEnd,
  logger: Pick<Logger, 'info'>,
): void {
  const { requestId, startedMark, firstContentMark, response } = exchange;
  const seconds = (performance.now() - startedMark) / 1_000;
  const status = response.statusCode;
  logger.info({ requestId, route, status, result, model, durationMs: Math.round(seconds * 1_000) }, 'request');
  if (!kind) return;
  const labels = { protocol: kind.protocol, operation: operation ?? kind.operation, stream: String(stream ?? false) };
  metrics.requests.inc({ ...labels, model: model ?? 'none', outcome: result });
  metrics.requestSeconds.observe(labels, seconds);
  if (firstContentMark !== undefined)
    metrics.firstContentSeconds.observe({ protocol: kind.protocol }, (firstContentMark - startedMark) / 1_000);
}
