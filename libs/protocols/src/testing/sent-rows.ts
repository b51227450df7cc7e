import { openExchange, type ExchangeOptions } from '../translation/exchange.js';
import { lost, sent } from './case.js';

/** What a vendor is sent of a client's request. */
export interface SentRow {
  readonly name: string;
  readonly way: ExchangeOptions;
  /** The client's body, beside a model and a greeting. */
  readonly fields: object;
  /** Paths of the vendor's body, and what stands there. */
  readonly sent: Readonly<Record<string, unknown>>;
  readonly lost: readonly string[];
}

export const hi = { role: 'user', content: 'Hi' } as const;

/** Runs one table: each row writes its request, and names what must have been sent and what is said to be lost. */
export function describeSent(vendor: string, tables: Readonly<Record<string, readonly SentRow[]>>): void {
  describe.each(Object.entries(tables))(`${vendor} is sent, of %s,`, (_about, rows) => {
    it.each(rows)('$name', (row) => {
      const exchange = openExchange(JSON.stringify({ model: 'm', messages: [hi], ...row.fields }), row.way);
      const found = Object.fromEntries(Object.keys(row.sent).map((path) => [path, sent(exchange, path)]));
      expect({ sent: found, lost: lost(exchange) }).toEqual({ sent: row.sent, lost: row.lost });
    });
  });
}
