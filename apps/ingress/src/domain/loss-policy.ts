import type { IncomingHeaders } from './client-headers.js';

const LOSS_CODE = /^L\d{1,3}$/;
const ALLOWED_MAX = 100;

/** `x-gateway-policy: strict | warn`, however it is capitalised; anything else leaves the key's own policy (contract 0.6). */
export function lossPolicy(headers: IncomingHeaders, ofKey: 'warn' | 'strict'): 'warn' | 'strict' {
  const asked = String(headers['x-gateway-policy']).trim().toLowerCase();
  return asked === 'strict' || asked === 'warn' ? asked : ofKey;
}

/** `x-gateway-allow: L61, L70`: losses that the caller takes although they are refused otherwise. */
export function allowedLosses(headers: IncomingHeaders): string[] {
  const asked = headers['x-gateway-allow'];
  if (asked === undefined) return [];
  const text = typeof asked === 'string' ? asked : asked.join(',');
  const codes = text.split(',').map((code) => code.trim());
  return codes.filter((code) => LOSS_CODE.test(code)).slice(0, ALLOWED_MAX);
}
