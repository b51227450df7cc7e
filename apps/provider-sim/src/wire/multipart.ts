import { Refusal } from './wire.js';

/** One part of a form: its bytes are a view of the body, not a copy. */
export interface FormPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

const BLANK_LINE = '\r\n\r\n';
const PARTS_MAX = 100;

/** Reads a `multipart/form-data` body; undefined when the header says it is something else. */
export const readForm = (contentType: string | undefined, raw: Buffer): readonly FormPart[] | undefined => {
  if (!/^multipart\/form-data\b/i.test(contentType ?? '')) return undefined;
  const [, quoted, plain] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed('Missing boundary in multipart/form-data');
  return partsOf(raw, `--${boundary}`);
};

const partsOf = (raw: Buffer, delimiter: string): readonly FormPart[] => {
  const parts: FormPart[] = [];
  let at = raw.indexOf(delimiter);
  while (at >= 0 && parts.length < PARTS_MAX) {
    const start = at + delimiter.length;
    if (raw.toString('latin1', start, start + 2) === '--') return parts;
    const bodyAt = raw.indexOf(BLANK_LINE, start);
    const next = raw.indexOf(`\r\n${delimiter}`, bodyAt < 0 ? start : bodyAt + BLANK_LINE.length - 2);
    if (bodyAt < 0 || next < 0) break;
    parts.push(partOf(raw.toString('utf8', start, bodyAt), raw.subarray(bodyAt + BLANK_LINE.length, next)));
    at = next + 2;
  }
  throw malformed('Could not parse multipart form');
};

const partOf = (head: string, bytes: Buffer): FormPart => ({
  name: /\bname="([^"]*)"/i.exec(head)?.[1] ?? '',
  filename: /\bfilename="([^"]*)"/i.exec(head)?.[1],
  type: /^content-type:\s*([^\r\n;]+)/im.exec(head)?.[1]?.trim().toLowerCase(),
  bytes,
});

const malformed = (message: string): Refusal => new Refusal({ status: 400, message });
