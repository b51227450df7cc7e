import { hash } from 'node:crypto';
import type { Render } from '../renders/render.js';

const TTL_MS = 24 * 60 * 60 * 1_000;

/** How long an address of Ark's store is good for. */
export const ttlMsOf = ({ orders }: Pick<Render, 'orders'>): number => orders.assetTtlMs ?? TTL_MS;

/** A signed address in Ark's store: it needs no key, and dies. */
export const signedAddress = (render: Render, { host, name }: { host: string; name: string }): string => {
  const signed = new Date(render.endedMs ?? render.createdMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const query = new URLSearchParams({
    'X-Tos-Algorithm': 'TOS4-HMAC-SHA256',
    'X-Tos-Date': signed,
    'X-Tos-Expires': String(Math.ceil(ttlMsOf(render) / 1_000)),
    'X-Tos-Signature': signatureOf(render, name),
  });
  return `http://${host}/ark-tos/${render.wire}/${render.id}/${name}?${query.toString()}`;
};

/** What makes an address of the store good. */
export const signatureOf = ({ wire, id }: Pick<Render, 'wire' | 'id'>, name: string): string =>
  hash('sha256', `${wire} ${id} ${name}`, 'hex');
