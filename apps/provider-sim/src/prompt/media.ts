import { hash } from 'node:crypto';
import type { MediaPart } from '../brain/conversation.js';

const DATA_URL = /^data:([^;,]+)[^,]*,/;

/** How many bytes base64 text decodes to. */
export const base64Bytes = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4);

/** An image or file as the brain sees it: its kind and size when it came along, else only where it is. */
export const mediaFromUrl = (url: string, mimeOfReference: string): MediaPart => {
  const header = DATA_URL.exec(url.slice(0, 200));
  if (header === null) return { type: 'media', mime: mimeOfReference, bytes: 0, source: url };
  const data = url.slice(header[0].length);
  return { type: 'media', mime: header[1] ?? mimeOfReference, bytes: base64Bytes(data), source: hash('sha1', data) };
};
