import type { VendorAnswer } from '@bytespike/protocols';

/** The moment at which all tests happen. */
export const NOW = Date.parse('2026-11-20T12:00:00Z');

/** A vendor's answer as whoever called it hands it over. */
export const vendorAnswer = (status: number, body: unknown, headers: Record<string, string> = {}): VendorAnswer => ({
  status,
  headers,
  body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
  receivedAt: NOW,
});
