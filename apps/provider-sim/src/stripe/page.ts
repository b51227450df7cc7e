import type { JsonReply, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import type { Session, StripeBooks } from './books.js';

const BODY_BYTES_MAX = 64 * 1024;

/** The page on which somebody pays: look at it with a browser, or pay with `curl -X POST`. */
export const stripePage = (books: StripeBooks): Wire => ({
  vendor: 'stripe-page',
  prefix: '/stripe',
  bodyBytesMax: BODY_BYTES_MAX,
  authenticate: () => ({ key: 'sim-anybody' }),
  renderFailure: ({ status, message }) => html(status, message ?? 'This page does not exist.'),
  renderStreamFailure: () => [],
  routes: [
    {
      method: 'GET',
      path: '/pay/{id}',
      handle: ({ params, nowMs }) => {
        const { amount, currency } = openSession(books, params['id'], nowMs);
        const price = `${(amount / 100).toFixed(2)} ${currency.toUpperCase()}`;
        return html(200, `Account credit: ${price}. <form method="post"><button>Pay</button></form>`);
      },
    },
    {
      method: 'POST',
      path: '/pay/{id}',
      handle: ({ params, nowMs }) => {
        const session = openSession(books, params['id'], nowMs);
        books.pay(session, nowMs);
        return html(303, 'Thank you.', { location: session.successUrl });
      },
    },
  ],
});

const openSession = (books: StripeBooks, id: string | undefined, nowMs: number): Session => {
  const session = books.find(id ?? '', nowMs);
  if (session?.state === 'open') return session;
  throw new Refusal({ status: 404, message: 'There is nothing to pay here.' });
};

const html = (status: number, text: string, headers: Readonly<Record<string, string>> = {}): JsonReply => ({
  type: 'json',
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: `${text}\n`,
});
