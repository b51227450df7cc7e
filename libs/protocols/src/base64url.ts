const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The value of each letter by its code; -1 for what is no letter of the alphabet. */
const VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Text as base64url of its UTF-8 bytes, without padding. */
export function encodeBase64Url(text: string): string {
  const bytes = encoder.encode(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let letter = 0; letter <= left; letter += 1) encoded += ALPHABET.charAt((bits >> (18 - 6 * letter)) & 63);
  }
  return encoded;
}

/** The text again, or `undefined` for what is not base64url of UTF-8. */
export function decodeBase64Url(encoded: string): string | undefined {
  const bytes = new Uint8Array(Math.floor((encoded.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let letter = 0; letter < encoded.length; letter += 1) {
    const value = VALUES[encoded.charCodeAt(letter)] ?? -1;
    if (value < 0) return undefined;
    bits = ((bits << 6) | value) & 0xfff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at] = (bits >> held) & 0xff;
    at += 1;
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
