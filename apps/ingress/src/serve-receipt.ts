import type { ClientFor, statement } from '@bytespike/contracts';

import { authenticateAccount, type AuthenticationPorts } from './authenticate.js';
import { receiptJson } from './domain/receipt-json.js';
import type { Exchange } from './http/exchange.js';

export interface ReceiptPorts extends AuthenticationPorts {
  readonly statement: Pick<ClientFor<typeof statement>, 'readReceipt'>;
}

/** `GET /v1/receipts/{request-id}`: everything that is known of one request of the caller's account (contract 0.8). */
export async function readReceipt(exchange: Exchange, ports: ReceiptPorts): Promise<object> {
  const { accountId } = await authenticateAccount(exchange, ports);
  const receipt = await ports.statement.readReceipt({ accountId, requestId: exchange.resource }, exchange.context);
  return receiptJson(receipt);
}
