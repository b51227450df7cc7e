import type { Call, Failure, FileReply, SimFile } from './wire.js';
import { Refusal } from './wire.js';

/** Answers with a file, or the part of it that `Range` asks for. */
export const fileReply = (
  { headers }: Pick<Call, 'headers'>,
  file: SimFile,
  more: Pick<FileReply, 'subject' | 'accept'> & { readonly headers?: Readonly<Record<string, string>> } = {},
): FileReply => {
  const range = rangeIn(headers.range, file.bytes);
  const { start, end } = range ?? { start: 0, end: file.bytes };
  return {
    ...more,
    type: 'file',
    status: range === undefined ? 200 : 206,
    headers: {
      'content-type': file.type,
      'accept-ranges': 'bytes',
      ...(range !== undefined && { 'content-range': `bytes ${start}-${end - 1}/${file.bytes}` }),
      ...more.headers,
    },
    file,
    start,
    end,
  };
};

/** One range is served; several, or other units, are answered by the whole, as HTTP allows. */
const rangeIn = (header: string | undefined, bytes: number): { start: number; end: number } | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? bytes : Math.min(bytes, Number(to) + 1);
  if (start >= end) throw new Refusal(outOfRange(bytes));
  return { start, end };
};

const outOfRange = (bytes: number): Failure => ({
  status: 416,
  message: 'The requested range is not satisfiable.',
  headers: { 'content-range': `bytes */${bytes}` },
});
