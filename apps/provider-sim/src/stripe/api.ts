import { hash } from 'node:crypto';
import { bearerOf, isAcceptedKey } from '../wire/answer-call.js';
import type { Call, Failure, JsonReply, Route, Wire } from '../wire/wire.js';
import { Refusal } from '../wire/wire.js';
import type { Charge, Session, StripeBooks } from './books.js';
import { refundedOf } from './books.js';
import { fieldsOf, metadataOf, parseForm, textField, type FormFields } from './form.js';
import { renderRefund, renderSession } from './render.js';

const BODY_BYTES_MAX = 1024 * 1024;
const JSON_HEADERS = { 'content-type': 'application/json' } as const;
const MINUTE_S = 60;
const DAY_S = 24 * 60 * MINUTE_S;
/** Stripe's least charge in USD, in cents. */
const CENTS_MIN = 50;
const LIST_USUAL = 10;

/** Parameters of a session that this account knows. The one that was there before (`payment_method_types`) is refused, as Stripe does. */
const SESSION_PARAMETERS: ReadonlySet<string> = new Set(
  'mode client_reference_id metadata payment_intent_data allowed_payment_method_types line_items success_url cancel_url expires_at'.split(
    ' ',
  ),
);

const TYPES: Readonly<Record<number, string>> = { 401: 'invalid_request_error', 429: 'rate_limit_error' };

/** Stripe's API as far as a checkout needs it: sessions and refunds. Amounts are whole cents. */
export const stripeApi = (books: StripeBooks): Wire => ({
  vendor: 'stripe',
  prefix: '/v1',
  bodyBytesMax: BODY_BYTES_MAX,
  authenticate: (credentials) => {
    const key = bearerOf(credentials);
    if (isAcceptedKey(key)) return { key };
    return { failure: { status: 401, message: 'Invalid API Key provided' } };
  },
  renderFailure,
  renderStreamFailure: () => [],
  routes: routesOf(books),
});

const routesOf = (books: StripeBooks): readonly Route[] => {
  const sessionOf = (call: Call): Session => {
    const id = call.params['id'] ?? '';
    const session = books.find(id, call.nowMs);
    if (session === undefined) throw missing('checkout.session', id, 'session');
    return session;
  };
  return [
    {
      method: 'POST',
      path: '/checkout/sessions',
      handle: once((call) => json(renderSession(books.open(newSession(call))))),
    },
    { method: 'GET', path: '/checkout/sessions/{id}', handle: (call) => json(renderSession(sessionOf(call))) },
    {
      method: 'POST',
      path: '/checkout/sessions/{id}/expire',
      handle: once((call) => {
        const session = sessionOf(call);
        if (session.state !== 'open') throw refuse(`Only Checkout Sessions with a status in ["open"] can be expired.`);
        books.expire(session);
        return json(renderSession(session));
      }),
    },
    { method: 'POST', path: '/refunds', handle: once((call) => refund(books, call)) },
    { method: 'GET', path: '/refunds', handle: (call) => listRefunds(books, call) },
  ];
};

const newSession = (call: Call) => {
  const fields = parseForm(call.raw.toString('utf8'));
  const unknown = Object.keys(fields).find((name) => !SESSION_PARAMETERS.has(name));
  if (unknown !== undefined) throw refuse(`Received unknown parameter: ${unknown}`, unknown, 'parameter_unknown');
  if (textField(fields, 'mode') !== 'payment') throw refuse('Only mode=payment is simulated.', 'mode');
  const successUrl = textField(fields, 'success_url');
  if (successUrl === undefined)
    throw refuse('Missing required param: success_url.', 'success_url', 'parameter_missing');
  const createdAt = Math.floor(call.nowMs / 1_000);
  const expiresAt = integerField(fields, 'expires_at') ?? createdAt + DAY_S;
  if (expiresAt < createdAt + 30 * MINUTE_S || expiresAt > createdAt + DAY_S)
    throw refuse('The `expires_at` timestamp must be between 30 minutes and 24 hours from creation.', 'expires_at');
  return {
    ...lineOf(fields),
    createdAt,
    expiresAt,
    successUrl,
    cancelUrl: textField(fields, 'cancel_url'),
    clientReferenceId: textField(fields, 'client_reference_id'),
    metadata: metadataOf(fields),
    paymentMetadata: metadataOf(fieldsOf(fields, 'payment_intent_data')),
    host: call.headers.host ?? '127.0.0.1',
  };
};

const lineOf = (fields: FormFields): { amount: number; currency: string } => {
  const line = fieldsOf(fieldsOf(fields, 'line_items'), '0');
  const price = fieldsOf(line, 'price_data');
  const [cents, quantity] = [integerField(price, 'unit_amount'), integerField(line, 'quantity')];
  const currency = textField(price, 'currency');
  if (cents === undefined || quantity === undefined || currency === undefined)
    throw refuse('You must provide one line item with a price and a quantity.', 'line_items', 'parameter_missing');
  if (cents * quantity < CENTS_MIN)
    throw refuse('The Checkout Session total amount must be at least $0.50 usd.', 'line_items', 'amount_too_small');
  return { amount: cents * quantity, currency };
};

const refund = (books: StripeBooks, call: Call): JsonReply => {
  const fields = parseForm(call.raw.toString('utf8'));
  const charge = chargeNamed(books, textField(fields, 'payment_intent') ?? textField(fields, 'charge') ?? '');
  const left = charge.amount - refundedOf(charge);
  if (left === 0) throw refuse(`Charge ${charge.id} has already been refunded.`, null, 'charge_already_refunded');
  const amount = integerField(fields, 'amount') ?? left;
  if (amount <= 0 || amount > left)
    throw refuse(`Refund amount is greater than unrefunded amount on charge (${left}).`, 'amount');
  return json(renderRefund(books.refund(charge, amount, call.nowMs), charge));
};

const listRefunds = (books: StripeBooks, call: Call): JsonReply => {
  const charge = chargeNamed(books, call.query.get('payment_intent') ?? call.query.get('charge') ?? '');
  const limit = Number(call.query.get('limit') ?? LIST_USUAL);
  return json({
    object: 'list',
    data: charge.refunds.slice(0, limit).map((one) => renderRefund(one, charge)),
    has_more: charge.refunds.length > limit,
    url: '/v1/refunds',
  });
};

const chargeNamed = (books: StripeBooks, id: string): Charge => {
  const charge = books.chargeOf(id);
  if (charge === undefined) throw missing('payment_intent', id, 'payment_intent');
  return charge;
};

/** Under one `Idempotency-Key` the same parameters get the same answer, and others a refusal; failures are not kept. */
const once =
  (handle: (call: Call) => JsonReply): Route['handle'] =>
  (call) => {
    const name = call.headers['idempotency-key'];
    if (typeof name !== 'string') return handle(call);
    const asked = hash('sha256', call.raw, 'hex');
    const place = `stripe idempotency ${call.key} ${name}`;
    const kept = call.memory.objects.get(place) as { readonly asked: string; readonly reply: JsonReply } | undefined;
    if (kept === undefined) {
      const reply = handle(call);
      call.memory.objects.set(place, { asked, reply });
      return reply;
    }
    if (kept.asked === asked)
      return { ...kept.reply, headers: { ...kept.reply.headers, 'idempotent-replayed': 'true' } };
    throw new Refusal({
      status: 400,
      type: 'idempotency_error',
      message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.',
    });
  };

const integerField = (fields: FormFields, name: string): number | undefined => {
  const text = textField(fields, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,12}$/.test(text)) throw refuse(`Invalid integer: ${text}`, name, 'parameter_invalid_integer');
  return Number(text);
};

const refuse = (message: string, param: string | null = null, code: string | null = null): Refusal =>
  new Refusal({ status: 400, message, param, code });

const missing = (kind: string, id: string, param: string): Refusal =>
  new Refusal({ status: 404, message: `No such ${kind}: '${id}'`, param, code: 'resource_missing' });

const json = (body: object): JsonReply => ({
  type: 'json',
  status: 200,
  headers: JSON_HEADERS,
  body: JSON.stringify(body),
});

function renderFailure({ status, type, code, param, message, headers, reason }: Failure): JsonReply {
  const error = {
    type: type ?? TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'),
    message: message ?? `simulated: ${reason ?? status}`,
    ...(code && { code }),
    ...(param && { param }),
  };
  return { type: 'json', status, headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify({ error }) };
}
