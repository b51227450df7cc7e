import { fillAccounting, type AccountingPorts } from '../account-headers.js';
import type { Exchange } from '../http/exchange.js';
import type { OpenExchanges } from '../http/open-exchanges.js';
import { STREAM_HEADERS } from '../http/stream-answer.js';
import { writeAnswer } from '../http/write-answer.js';
import type { KeptAnswer } from './answer-store.js';

export interface ReplayPorts extends AccountingPorts {
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
}

/**
 * Gives a kept answer again: its status, content headers and bytes, under the id of the request that made it, because
 * that is where its receipt is. What the account has left is told as of now. A stream whose head went out while it
 * waited gets the bytes alone. They count as a body of this process for as long as their reader takes.
 */
export async function replayAnswer(
  exchange: Exchange,
  { requestId, status, headers, body }: KeptAnswer,
  { stream, ports }: { readonly stream: boolean; readonly ports: ReplayPorts },
): Promise<void> {
  const { response } = exchange;
  ports.exchanges.reserve(exchange, body.length);
  if (response.headersSent) {
    response.end(body);
    return;
  }
  await fillAccounting(exchange, ports);
  writeAnswer(
    { ...exchange, requestId },
    {
      status,
      headers: [
        ...(exchange.accounting ?? []),
        'Idempotent-Replayed',
        'true',
        ...(stream ? STREAM_HEADERS : []),
        ...headers,
      ],
      body,
    },
  );
}
