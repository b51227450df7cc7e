import type { Controls } from '../wire/desk.js';
import type { Wire } from '../wire/wire.js';
import { stripeApi } from './api.js';
import type { Happening } from './books.js';
import { StripeBooks } from './books.js';
import { stripeControls } from './controls.js';
import type { Endpoint } from './deliveries.js';
import { Deliveries } from './deliveries.js';
import { stripePage } from './page.js';
import { objectOf } from './render.js';

/** The version whose objects are simulated: that of the official package in use. */
const API_VERSION = '2026-10-28.endive';

export interface SimulatedStripe {
  readonly wires: readonly Wire[];
  readonly controls: Controls;
  close(): void;
}

/** A Stripe account: its API, the page on which people pay, and the events it sends to a webhook. */
export const createStripe = (options: {
  readonly endpoint: Endpoint | undefined;
  readonly now: () => number;
}): SimulatedStripe => {
  const deliveries = new Deliveries(options.endpoint, options.now);
  const tell = (happening: Happening): void => {
    const id = books.name('evt');
    const created = Math.floor(options.now() / 1_000);
    const { type } = happening;
    const event = {
      id,
      object: 'event',
      api_version: API_VERSION,
      created,
      livemode: false,
      pending_webhooks: 1,
      type,
    };
    const body = JSON.stringify({ ...event, data: { object: objectOf(happening) } });
    // An event is sent when what has happened has been answered, as far as that can be told apart.
    setImmediate(() => deliveries.add({ id, type, body }));
  };
  const books = new StripeBooks(tell);
  return {
    wires: [stripeApi(books), stripePage(books)],
    controls: stripeControls(books, deliveries, options.now),
    close: () => deliveries.close(),
  };
};
