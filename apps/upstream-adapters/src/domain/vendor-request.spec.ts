import { VENDORS, type Channel } from '@bytespike/catalog';
import type { ProtocolName } from '@bytespike/kernel';

import { credentialHeader, vendorRequest, type VendorCall } from './vendor-request.js';

const channel = (protocol: ProtocolName, address = 'https://vendor.test'): Channel => ({
  id: 'c',
  name: 'main',
  vendor: 'v',
  protocol,
  address,
  weight: 1,
  models: [{ model: 'm', upstreamModel: 'm' }],
});
const call: VendorCall = {
  operation: 'generate',
  stream: true,
  headers: {},
  query: '',
  upstreamModel: 'up-1',
  lane: 'raw',
  edits: [],
  body: Buffer.from('{}'),
};

describe('vendorRequest', () => {
  it.each([
    ['anthropic', 'anthropic-messages', {}, 'https://vendor.test/v1/messages'],
    ['anthropic', 'anthropic-messages', { operation: 'count' }, 'https://vendor.test/v1/messages/count_tokens'],
    ['google', 'gemini-generate', {}, 'https://vendor.test/v1beta/models/up-1:streamGenerateContent'],
    [
      'google',
      'gemini-generate',
      { query: 'alt=sse' },
      'https://vendor.test/v1beta/models/up-1:streamGenerateContent?alt=sse',
    ],
    [
      'google',
      'gemini-generate',
      { lane: 'ir' },
      'https://vendor.test/v1beta/models/up-1:streamGenerateContent?alt=sse',
    ],
    ['google', 'gemini-generate', { stream: false }, 'https://vendor.test/v1beta/models/up-1:generateContent'],
  ] as const)('%s %s %j', (vendor, protocol, given, url) => {
    expect(vendorRequest({ ...call, ...given }, channel(protocol), VENDORS[vendor]).url).toBe(url);
  });

  it('fills in what the vendor needs only where the client said nothing', () => {
    const version = (headers: Record<string, string>) =>
      vendorRequest({ ...call, headers }, channel('anthropic-messages'), VENDORS.anthropic).headers[
        'anthropic-version'
      ];
    expect(version({})).toBe('2023-06-01');
    expect(version({ 'anthropic-version': '2026-10-21' })).toBe('2026-10-21');
  });

  it('T67: forwards the features a Messages client asks for, word for word', () => {
    const headers = { 'anthropic-beta': 'interleaved-thinking-2025-05-14,brand-new-2031-01-01' };
    const sent = vendorRequest({ ...call, headers }, channel('anthropic-messages'), VENDORS.anthropic).headers;
    expect(sent['anthropic-beta']).toBe('interleaved-thinking-2025-05-14,brand-new-2031-01-01');
  });

  it('T76: forwards a version of the wire that nobody knows, and overwrites none', () => {
    for (const version of ['2031-01-01', 'odd']) {
      const headers = { 'anthropic-version': version };
      const sent = vendorRequest({ ...call, headers }, channel('anthropic-messages'), VENDORS.anthropic).headers;
      expect(sent['anthropic-version']).toBe(version);
    }
  });

  it('lets nothing through that is not on the list', () => {
    const headers = { 'x-api-key': 'k', cookie: 'c', host: 'h', 'x-stainless-lang': 'js', 'anthropic-beta': 'b' };
    const sent = vendorRequest({ ...call, headers }, channel('anthropic-messages'), VENDORS.anthropic).headers;
    expect(Object.keys(sent).sort()).toEqual(
      ['accept', 'accept-encoding', 'anthropic-beta', 'anthropic-version', 'content-type', 'user-agent'].sort(),
    );
  });

  it('refuses to count where the vendor cannot', () => {
    expect(() => vendorRequest({ ...call, operation: 'count' }, channel('openai-chat'), VENDORS.openai)).toThrow(
      'cannot count',
    );
  });

  it.each([
    ['anthropic', 'anthropic-messages', { 'x-api-key': 's' }],
    ['openai', 'openai-chat', { authorization: 'Bearer s' }],
    ['google', 'gemini-generate', { 'x-goog-api-key': 's' }],
    ['deepseek', 'anthropic-messages', { 'x-api-key': 's' }],
  ] as const)('%s takes its credential in its own header', (vendor, protocol, header) => {
    expect(credentialHeader(channel(protocol), VENDORS[vendor], 's')).toEqual(header);
  });
});
