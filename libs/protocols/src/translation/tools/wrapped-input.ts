import { isJsonObject, tryParseJson, type JsonObject } from '@bytespike/kernel';

/** The schema of a free-form tool, for vendors that know functions only. */
export const WRAPPED_INPUT: JsonObject = {
  type: 'object',
  properties: { input: { type: 'string' } },
  required: ['input'],
  additionalProperties: false,
};

export const wrapInput = (input: string): string => JSON.stringify({ input });

/** Reads the text of a free-form call out of the arguments it was wrapped in, as they come. */
export interface InputReader {
  push(text: string): string;
  /** What is left when the arguments have ended. */
  end(): string;
}

const OPENING = '{"input":"';
/** A model that opens its arguments with more than this has not opened them as it was told. */
const OPENING_LENGTH_MAX = 256;
const OPENED = /^\s*\{\s*"input"\s*:\s*"/;

export function openInputReader(): InputReader {
  let phase: 'opening' | 'inside' | 'behind' | 'unlike' = 'opening';
  let waiting = '';
  const unlike: string[] = [];

  const inside = (text: string): string => {
    const raw = waiting + text;
    const { taken, closed } = measure(raw);
    waiting = closed ? '' : raw.slice(taken);
    if (closed) phase = 'behind';
    const decoded = decode(raw.slice(0, taken));
    const cutPair = !closed && isHighSurrogate(decoded);
    if (!cutPair) return decoded;
    // Half a character is held until its other half has come.
    waiting = escaped(decoded.slice(-1)) + waiting;
    return decoded.slice(0, -1);
  };

  const opening = (text: string): string => {
    waiting += text;
    const opened = OPENED.exec(waiting);
    if (opened) {
      phase = 'inside';
      const rest = waiting.slice(opened[0].length);
      waiting = '';
      return inside(rest);
    }
    if (waiting.length <= OPENING_LENGTH_MAX && OPENING.startsWith(waiting.replace(/\s+/g, ''))) return '';
    phase = 'unlike';
    unlike.push(waiting);
    return '';
  };

  return {
    push(text) {
      if (phase === 'inside') return inside(text);
      if (phase === 'opening') return opening(text);
      if (phase === 'unlike') unlike.push(text);
      return '';
    },
    end: () => (phase === 'unlike' ? anyInput(unlike.join('')) : ''),
  };
}

/** How much of a JSON string's inside can be read now, and whether it closes there. */
function measure(raw: string): { readonly taken: number; readonly closed: boolean } {
  for (let at = 0; at < raw.length; at += 1) {
    if (raw[at] === '"') return { taken: at, closed: true };
    if (raw[at] !== '\\') continue;
    const length = raw[at + 1] === 'u' ? 6 : 2;
    if (at + length > raw.length) return { taken: at, closed: false };
    at += length - 1;
  }
  return { taken: raw.length, closed: false };
}

/** Models forget to escape line ends; an escape that means nothing is taken as it stands. */
function decode(inside: string): string {
  const proper = inside.replace(/[\u0000-\u001f]/g, escaped);
  const text = tryParseJson(`"${proper}"`);
  return typeof text === 'string' ? text : inside;
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const isHighSurrogate = (text: string): boolean => /[\uD800-\uDBFF]$/.test(text);

/** The input of a call that was not wrapped as asked: under another name, behind another member, or bare. */
function anyInput(text: string): string {
  const parsed = tryParseJson(text);
  if (!isJsonObject(parsed)) return typeof parsed === 'string' ? parsed : text;
  const { input } = parsed;
  if (typeof input === 'string') return input;
  const [only, ...more] = Object.values(parsed);
  return more.length === 0 && typeof only === 'string' ? only : text;
}
