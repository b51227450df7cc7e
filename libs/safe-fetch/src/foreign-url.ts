import { isIP } from 'node:net';

import type { AddressRules } from './address-rules.js';
import { refused } from './refused.js';

/** Links signed by a cloud run to four thousand characters. */
const URL_CHARACTERS_MAX = 8_192;
/** What some readers of URLs strip, and others take for a part of the host. */
const MISREAD = /[\s\\\p{Cc}]/u;
/** Nothing but the usual beginning: WHATWG takes one slash for two, and three as well. */
const BEGINNING = /^https?:\/\/([^/?#]+)/i;

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * An address that a stranger gave, parsed once: what is judged here is the very value that is connected to. Throws the
 * one refusal. Where its name leads is judged when it is resolved.
 */
export function readForeignUrl(text: string, rules: AddressRules): URL {
  const [, authority] = BEGINNING.exec(text) ?? [];
  if (text.length > URL_CHARACTERS_MAX || MISREAD.test(text)) throw refused('spelling');
  const url = URL.parse(text);
  if (!url || !rules.schemes.some((scheme) => url.protocol === `${scheme}:`)) throw refused('scheme');
  if (authority === undefined) throw refused('spelling');
  if (authority.includes('@') || url.username !== '' || url.password !== '') throw refused('userinfo');
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port);
  if (rules.ports !== 'any' && (port === undefined || !rules.ports.includes(port))) throw refused('port');
  if (url.hostname.endsWith('.')) throw refused('spelling');
  // A number spelled so that only some see an address in it has something to hide.
  if (isIP(hostOf(url)) !== 0 && authority.replace(/:\d*$/, '').toLowerCase() !== url.hostname)
    throw refused('spelling');
  url.hash = '';
  return url;
}

/** The host without the brackets that IPv6 wears in a URL. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
