import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

/** An event and every try to deliver it. */
export interface Event {
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly tries: Try[];
}

interface Try {
  readonly atMs: number;
  /** HTTP status, or why there was none. */
  readonly answer: number | string;
}

/** What goes wrong with a delivery, as real ones do. */
export type DeliveryFault = 'hold' | 'duplicate' | 'lose' | 'delay' | 'wrong-signature' | 'stale-signature';

export const DELIVERY_FAULTS: readonly DeliveryFault[] = [
  ...(['hold', 'duplicate', 'lose', 'delay', 'wrong-signature', 'stale-signature'] as const),
];

export interface Endpoint {
  readonly url: string;
  readonly secret: string;
}

interface Ordered {
  readonly fault: DeliveryFault;
  readonly event: string | undefined;
  times: number;
}

const EVENTS_MAX = 1_000;
/** Stripe waits hours in the end; a test does not. */
const RETRY_MS = 150;
const RETRY_MS_MAX = 3_000;
const TRIES_MAX = 40;
const ANSWER_MS_MAX = 10_000;
const DELAY_MS = 1_500;
const STALE_SECONDS = 3_600;

/** Sends events to whoever listens, signed, again and again until they are taken. */
export class Deliveries {
  private events: Event[] = [];
  private held: Event[] = [];
  private ordered: Ordered[] = [];
  private readonly closing = new AbortController();

  constructor(
    private endpoint: Endpoint | undefined,
    private readonly now: () => number,
  ) {}

  listenAt(endpoint: Endpoint): void {
    this.endpoint = endpoint;
  }

  /** The next events suffer this; those of one type only, if it is named. */
  order(fault: DeliveryFault, { event, times }: { readonly event: string | undefined; readonly times: number }): void {
    this.ordered.push({ fault, event, times });
  }

  add(event: Omit<Event, 'tries'>): void {
    const made = { ...event, tries: [] };
    this.events = [...this.events.slice(1 - EVENTS_MAX), made];
    const fault = this.faultFor(made);
    if (fault === 'hold') this.held.push(made);
    else if (fault === 'duplicate') void Promise.all([this.deliver(made), this.deliver(made)]);
    else if (fault !== 'lose') void this.deliver(made, fault);
  }

  /** Lets go of what was held, the latest first if wanted: events come in any order. */
  release(order: 'as-made' | 'reversed'): number {
    const held = order === 'reversed' ? this.held.reverse() : this.held;
    this.held = [];
    void held.reduce((before, event) => before.then(() => this.deliver(event)), Promise.resolve());
    return held.length;
  }

  /** Sends one again, as an operator may at any time; answers whether there is one. */
  resend(id: string): boolean {
    const event = this.events.find((one) => one.id === id);
    if (event) void this.deliver(event);
    return event !== undefined;
  }

  all(): readonly Event[] {
    return this.events;
  }

  forget(): void {
    this.events = [];
    this.held = [];
    this.ordered = [];
  }

  close(): void {
    this.closing.abort();
  }

  private faultFor({ type }: Event): DeliveryFault | undefined {
    const order = this.ordered.find(({ event, times }) => times > 0 && (event === undefined || event === type));
    if (order) order.times -= 1;
    return order?.fault;
  }

  private async deliver(event: Event, fault?: DeliveryFault): Promise<void> {
    if (fault === 'delay') await this.wait(DELAY_MS);
    for (let tries = 0; tries < TRIES_MAX && !this.closing.signal.aborted; tries += 1) {
      // A fault of the signature strikes once: the retry is as it should be.
      const answer = await this.send(event, tries === 0 ? fault : undefined);
      event.tries.push({ atMs: this.now(), answer });
      if (typeof answer === 'number' && answer >= 200 && answer < 300) return;
      await this.wait(Math.min(RETRY_MS * 2 ** tries, RETRY_MS_MAX));
    }
  }

  private async send({ body }: Event, fault: DeliveryFault | undefined): Promise<number | string> {
    const { endpoint } = this;
    if (!endpoint) return 'nobody listens';
    const seconds = Math.floor(this.now() / 1_000) - (fault === 'stale-signature' ? STALE_SECONDS : 0);
    const secret = fault === 'wrong-signature' ? 'whsec_of_somebody_else' : endpoint.secret;
    try {
      const response = await fetch(endpoint.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': `t=${seconds},v1=${signatureOf(body, seconds, secret)}`,
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
        signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** Whoever closes does not wait for it. */
  private async wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.closing.signal, ref: false }).catch((error: unknown) => {
      if (!this.closing.signal.aborted) throw error;
    });
  }
}

/** Stripe's scheme `v1`: HMAC-SHA256 over the time and the body. */
const signatureOf = (body: string, seconds: number, secret: string): string =>
  createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
