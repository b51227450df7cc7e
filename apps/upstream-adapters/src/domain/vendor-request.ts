import { endpointUrl, type AuthScheme, type Channel, type Vendor, type VendorWire } from '@bytespike/catalog';
import type { BodyEdit, Operation } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { applyEdits } from '@bytespike/protocols';

export interface VendorCall {
  readonly operation: Operation;
  readonly stream: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  readonly upstreamModel: string;
  readonly lane: 'raw' | 'ir';
  readonly edits: readonly BodyEdit[];
  readonly body: Uint8Array;
}

export interface VendorRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Client headers that may reach a vendor: those that select behaviour of a protocol. Everything else stays here. */
const FORWARDED = [
  'anthropic-version',
  'anthropic-beta',
  'openai-beta',
  'x-openai-internal-codex-responses-lite',
] as const;

const AUTH = {
  'x-api-key': (secret) => ({ 'x-api-key': secret }),
  bearer: (secret) => ({ authorization: `Bearer ${secret}` }),
  'x-goog-api-key': (secret) => ({ 'x-goog-api-key': secret }),
} as const satisfies Record<AuthScheme, (secret: string) => Readonly<Record<string, string>>>;

/** Everything about a call that does not depend on the credential. Throws `unsupported` where the vendor has no such path. */
export function vendorRequest(call: VendorCall, channel: Channel, vendor: Vendor): VendorRequest {
  const wire = vendor.wires[channel.protocol];
  const streamPath = call.stream ? wire?.stream : undefined;
  const path = call.operation === 'count' ? wire?.count : (streamPath ?? wire?.generate);
  if (wire === undefined || path === undefined)
    throw new GatewayError('unsupported', `${channel.name} cannot ${call.operation} in ${channel.protocol}.`);
  return {
    url: endpointUrl(channel.address, path, call.upstreamModel) + searchOf(call, streamPath),
    headers: headersOf(call, wire.defaultHeaders),
    body: applyEdits(call.body, call.edits),
  };
}

function headersOf(call: VendorCall, defaults: VendorWire['defaultHeaders']): VendorRequest['headers'] {
  const headers: Record<string, string> = { ...defaults };
  for (const name of FORWARDED) {
    const value = call.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  headers['content-type'] = 'application/json';
  headers['accept'] = call.stream ? 'text/event-stream' : 'application/json';
  // What is metered and cut into records must arrive plain.
  headers['accept-encoding'] = 'identity';
  headers['user-agent'] = 'bytespike/1';
  return headers;
}

/** A wire whose streams have a path of their own frames them as asked; what we translate, we read as events. */
function searchOf({ query, lane }: VendorCall, streamPath: string | undefined): string {
  const asEvents = streamPath !== undefined && lane === 'ir';
  if (query === '' && !asEvents) return '';
  const params = new URLSearchParams(query);
  if (asEvents) params.set('alt', 'sse');
  const search = params.toString();
  return search === '' ? '' : `?${search}`;
}

/** The header that carries a credential to this vendor. */
export const credentialHeader = (channel: Channel, vendor: Vendor, secret: string): Readonly<Record<string, string>> =>
  authHeader(vendor.wires[channel.protocol]?.auth ?? vendor.auth, secret);

/** A secret as a scheme carries it. */
export const authHeader = (scheme: AuthScheme, secret: string): Readonly<Record<string, string>> =>
  AUTH[scheme](secret);
