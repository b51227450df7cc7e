import { createHmac, randomBytes } from 'node:crypto';

/** What every Standard Webhooks secret begins with; the rest is base64 of the key itself. */
const SECRET_PREFIX = 'whsec_';
/** Between the 24 and 64 that the specification allows: as many as the digest has. */
const SECRET_BYTES = 32;
const MS_PER_SECOND = 1_000;

/** One message, as it is sent this time. */
export interface SignedMessage {
  /** The same for every attempt: by it a receiver knows what it has heard. */
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
  /** Every secret that a receiver may still know, the newest first. */
  readonly secrets: readonly string[];
}

export const newSigningSecret = (): string => SECRET_PREFIX + randomBytes(SECRET_BYTES).toString('base64');

/**
 * The headers of Standard Webhooks (standardwebhooks.com): a signature of id, moment and body under each secret. A receiver
 * refuses a moment that is long ago, so a message that was overheard cannot be told again.
 */
export function signatureHeaders({ id, sentAt, body, secrets }: SignedMessage) {
  const timestamp = String(Math.floor(sentAt.getTime() / MS_PER_SECOND));
  const signed = `${id}.${timestamp}.${body}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${signatureOf(signed, secret)}`).join(' '),
  };
}

const signatureOf = (signed: string, secret: string): string =>
  createHmac('sha256', Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64'))
    .update(signed)
    .digest('base64');
