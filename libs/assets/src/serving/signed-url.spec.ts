import { deriveKey } from '@bytespike/secrets';

import { openSignedUrl, signAssetUrl, type AssetUrls } from './signed-url.js';

const NOW = new Date('2026-11-20T12:00:00.500Z');
const TOMORROW = new Date('2026-11-21T12:00:00.000Z');
const NAME = 'vid/2026-11-20/01KAFILM.mp4';

const urls: AssetUrls = { base: new URL('https://cdn.example/a/b'), key: deriveKey('pepper', 'asset-urls') };
const link = new URL(signAssetUrl(urls, { name: NAME, expiresAt: TOMORROW }));
const address = link.pathname + link.search;

describe('signAssetUrl', () => {
  it('leads to where assets are served, and says until when', () => {
    expect(link.origin + link.pathname).toBe(`https://cdn.example/a/b/${NAME}`);
    expect(link.searchParams.get('expires')).toBe('1795262400');
  });

  it('is opened by the same key', () => {
    expect(openSignedUrl(urls, address, NOW)).toEqual({ name: NAME, expiresAt: TOMORROW });
  });

  it('does not mind the slash after its base', () => {
    const slashed = { ...urls, base: new URL('https://cdn.example/a/b/') };
    expect(signAssetUrl(slashed, { name: NAME, expiresAt: TOMORROW })).toBe(link.href);
    expect(openSignedUrl(slashed, address, NOW).name).toBe(NAME);
  });

  it('signs no name that we would not make', () => {
    expect(() => signAssetUrl(urls, { name: '../etc/passwd', expiresAt: TOMORROW })).toThrow('assertion failed');
  });
});

describe('openSignedUrl', () => {
  const other = new URL(signAssetUrl(urls, { name: 'vid/2026-11-20/01KAOTHER.mp4', expiresAt: TOMORROW }));

  it.each([
    { what: 'another name', changed: address.replace('01KAFILM', '01KAOTHER') },
    { what: 'a later end', changed: address.replace('expires=1795262400', 'expires=1795262401') },
    { what: 'the end in other digits', changed: address.replace('expires=1795262400', 'expires=01795262400') },
    { what: 'the signature of another asset', changed: link.pathname + other.search },
    { what: 'a longer signature', changed: `${address}A` },
    { what: 'a shorter signature', changed: address.slice(0, -1) },
    { what: 'no signature', changed: address.replace(/&signature=.*/, '') },
    { what: 'no query', changed: link.pathname },
    { what: 'another base', changed: address.replace('/a/b/', '/a/c/') },
    { what: 'a name in other letters', changed: address.replace('01KAFILM', '01KAFIL%4D') },
    { what: 'steps upwards', changed: `/a/b/../../${NAME}${link.search}` },
    { what: 'another host', changed: `//evil.example${address}` },
    { what: 'a whole address', changed: link.href },
    { what: 'nothing', changed: '' },
  ])('forbids $what', ({ changed }) => {
    expect(() => openSignedUrl(urls, changed, NOW)).toThrow(
      expect.objectContaining({ kind: 'forbidden', message: 'this link is not valid' }),
    );
  });

  it('forbids what another key has signed', () => {
    const stranger = { ...urls, key: deriveKey('another pepper', 'asset-urls') };
    expect(() => openSignedUrl(stranger, address, NOW)).toThrow(expect.objectContaining({ kind: 'forbidden' }));
  });

  it.each([
    { what: 'lasts to its last moment', now: new Date(TOMORROW.getTime() - 1), opens: true },
    { what: 'is gone at its end', now: TOMORROW, opens: false },
  ])('$what', ({ now, opens }) => {
    const open = (): unknown => openSignedUrl(urls, address, now);
    const matcher = expect(open);
    if (opens) matcher.not.toThrow();
    else matcher.toThrow(expect.objectContaining({ kind: 'gone' }));
  });
});
