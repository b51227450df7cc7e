import { afterBytes, isBetweenRecords, isCommentAlone, STREAM_START } from './record-boundary.js';

const follow = (...pieces: string[]) =>
  pieces.reduce((tail, piece) => afterBytes(tail, Buffer.from(piece)), STREAM_START);

describe('isBetweenRecords', () => {
  it.each([
    { name: 'before the first byte', pieces: [], between: true },
    { name: 'after a record ended by LF LF', pieces: ['data: 1\n\n'], between: true },
    { name: 'after a record ended by CRLF CRLF', pieces: ['data: 1\r\n\r\n'], between: true },
    { name: 'after a record ended by CR CR', pieces: ['data: 1\r\r'], between: true },
    { name: 'with mixed line ends', pieces: ['data: 1\n\r\n'], between: true },
    { name: 'when the blank line comes byte by byte', pieces: ['data: 1', '\r', '\n', '\r', '\n'], between: true },
    { name: 'within a record', pieces: ['data: 1\n\ndata: 2'], between: false },
    { name: 'after one line of a record', pieces: ['event: x\n'], between: false },
    { name: 'within the blank line', pieces: ['data: 1\r\n\r'], between: false },
    { name: 'after an empty piece within a record', pieces: ['data: 1', ''], between: false },
    { name: 'after a single CRLF at the start of a record', pieces: ['data: 1\n\n', 'event: y\r\n'], between: false },
  ])('says $between $name', ({ pieces, between }) => {
    expect(isBetweenRecords(follow(...pieces))).toBe(between);
  });
});

describe('isCommentAlone', () => {
  it.each([
    { name: 'a comment', piece: ': x-gateway-warnings: L71\n\n', alone: true },
    { name: 'a comment and a record', piece: ': note\n\nevent: x\ndata: {}\n\n', alone: false },
    { name: 'a record', piece: 'data: {}\n\n', alone: false },
    { name: 'nothing', piece: '', alone: false },
  ])('says $alone of $name', ({ piece, alone }) => {
    expect(isCommentAlone(Buffer.from(piece))).toBe(alone);
  });
});
