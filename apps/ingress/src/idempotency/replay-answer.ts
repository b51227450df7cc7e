import { fillAccounting, type AccountingPorts } from '../account-headers.js';
import { lateWords } from '../domain/late-words.js';
import { streamGrammar } from '../http/dialect-errors.js';
import type { Exchange } from '../http/exchange.js';
import type { OpenExchanges } from '../http/open-exchanges.js';
import { STREAM_HEADERS } from '../http/stream-answer.js';
import { writeAnswer } from '../http/write-answer.js';
import type { KeptAnswer } from './answer-store.js';

const REPLAYED = ['Idempotent-Replayed', 'true'] as const;

export interface ReplayPorts extends AccountingPorts {
  readonly exchanges: Pick<OpenExchanges, 'reserve'>;
}

/**
 * Gives a kept answer again: its status, content headers and bytes, under the id of the request that made it, because
 * that is where its receipt is. What the account has left is told as of now. A stream whose head went out while it
 * waited gets the bytes, behind what its head would have told where comments may be. They count as a body of this process for as long as their reader takes.
 */
export async function replayAnswer(
  exchange: Exchange,
  { requestId, status, headers, body }: KeptAnswer,
  { stream, ports }: { readonly stream: boolean; readonly ports: ReplayPorts },
): Promise<void> {
  const { response } = exchange;
  ports.exchanges.reserve(exchange, body.length);
  if (response.headersSent) {
    response.write(streamGrammar(exchange).comment(lateWords([], [...REPLAYED, ...headers])));
    response.end(body);
    return;
  }
  await fillAccounting(exchange, ports);
  writeAnswer(
    { ...exchange, requestId },
    {
      status,
      headers: [...(exchange.accounting ?? []), ...REPLAYED, ...(stream ? STREAM_HEADERS : []), ...headers],
      body,
    },
  );
}
