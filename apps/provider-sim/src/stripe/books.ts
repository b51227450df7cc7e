import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** A checkout session with what became of it. */
export interface Session {
  readonly id: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly clientReferenceId: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly paymentMetadata: Readonly<Record<string, string>>;
  readonly successUrl: string;
  readonly cancelUrl: string | undefined;
  /** Where the payment page is. */
  readonly pageUrl: string;
  state: 'open' | 'complete' | 'expired';
  charge: Charge | undefined;
}

export interface Charge {
  readonly id: string;
  readonly paymentId: string;
  readonly createdAt: number;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly refunds: Refund[];
}

export interface Refund {
  readonly id: string;
  readonly createdAt: number;
  readonly amount: number;
}

export type Happening =
  | { readonly type: 'checkout.session.completed' | 'checkout.session.expired'; readonly session: Session }
  | { readonly type: 'charge.refunded'; readonly charge: Charge }
  | { readonly type: 'refund.created'; readonly charge: Charge; readonly refund: Refund };

export type NewSession = Omit<Session, 'id' | 'state' | 'charge' | 'pageUrl'> & { readonly host: string };

const KEPT_MAX = 5_000;

/** One Stripe account: sessions, what was paid, what went back. Whatever happens is told to `happened`. */
export class StripeBooks {
  private readonly sessions = new LRUCache<string, Session>({ max: KEPT_MAX });
  private readonly charges = new LRUCache<string, Charge>({ max: KEPT_MAX });
  private made = 0;

  constructor(private readonly happened: (happening: Happening) => void) {}

  open({ host, ...wanted }: NewSession): Session {
    const id = this.name('cs_test');
    const session: Session = {
      ...wanted,
      id,
      pageUrl: `http://${host}/stripe/pay/${id}`,
      state: 'open',
      charge: undefined,
    };
    this.sessions.set(id, session);
    return session;
  }

  /** A session is over when its time is, whoever asks first. */
  find(id: string, nowMs: number): Session | undefined {
    const session = this.sessions.get(id);
    if (session?.state === 'open' && session.expiresAt * 1_000 <= nowMs) this.expire(session);
    return session;
  }

  expire(session: Session): void {
    session.state = 'expired';
    this.happened({ type: 'checkout.session.expired', session });
  }

  /** Somebody pays; a test may have them pay something else than was asked. */
  pay(session: Session, nowMs: number, other: { readonly amount?: number; readonly currency?: string } = {}): void {
    const charge: Charge = {
      id: this.name('ch'),
      paymentId: this.name('pi'),
      createdAt: Math.floor(nowMs / 1_000),
      amount: other.amount ?? session.amount,
      currency: other.currency ?? session.currency,
      metadata: session.paymentMetadata,
      refunds: [],
    };
    session.state = 'complete';
    session.charge = charge;
    this.charges.set(charge.id, charge);
    this.charges.set(charge.paymentId, charge);
    this.happened({ type: 'checkout.session.completed', session });
  }

  /** By its own id, or that of its payment. */
  chargeOf(id: string): Charge | undefined {
    return this.charges.get(id);
  }

  refund(charge: Charge, amount: number, nowMs: number): Refund {
    const refund = { id: this.name('re'), createdAt: Math.floor(nowMs / 1_000), amount };
    charge.refunds.unshift(refund);
    this.happened({ type: 'refund.created', charge, refund });
    this.happened({ type: 'charge.refunded', charge });
    return refund;
  }

  /** An id like Stripe's; the same run makes the same ones. */
  name(prefix: string): string {
    this.made += 1;
    return `${prefix}_${hash('sha256', `${prefix} ${this.made} ${this.salt}`, 'hex').slice(0, 24)}`;
  }

  /** Two runs must not meet in one ledger. */
  private readonly salt = `${process.pid} ${Date.now()}`;
}

export const refundedOf = ({ refunds }: Charge): number => refunds.reduce((sum, { amount }) => sum + amount, 0);
