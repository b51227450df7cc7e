import { encodeFrame, FrameReader, RECORD, textRecord, type FrameRecord } from './frame.js';

const read = (reader: FrameReader, frame: Uint8Array): readonly (readonly [number, string])[] => {
  const records: (readonly [number, string])[] = [];
  reader.read(frame, (type, payload) => records.push([type, Buffer.from(payload).toString()]));
  return records;
};

describe('a frame', () => {
  it('holds records in order, each joined from its pieces', () => {
    const data: FrameRecord = { type: RECORD.data, pieces: [Buffer.from('ab'), Buffer.from(''), Buffer.from('c')] };
    const frame = encodeFrame(0, [textRecord(RECORD.head, '{}'), data, textRecord(RECORD.outcome, 'ü')]);
    expect(read(new FrameReader('x'), frame)).toEqual([
      [RECORD.head, '{}'],
      [RECORD.data, 'abc'],
      [RECORD.outcome, 'ü'],
    ]);
  });

  it('may be empty, which is a heartbeat and has its place in the sequence', () => {
    const reader = new FrameReader('x');
    expect(read(reader, encodeFrame(0, []))).toEqual([]);
    expect(read(reader, encodeFrame(1, []))).toEqual([]);
  });

  it.each([
    { name: 'a gap', sequences: [0, 2] },
    { name: 'a repeat', sequences: [0, 0] },
    { name: 'a start elsewhere', sequences: [7] },
  ])('is refused after $name', ({ sequences }) => {
    const reader = new FrameReader('x');
    expect(() => sequences.forEach((sequence) => read(reader, encodeFrame(sequence, [])))).toThrow('x lost frames');
  });

  it('is refused when it was cut anywhere', () => {
    const whole = encodeFrame(0, [textRecord(RECORD.data, 'hello')]);
    for (let length = 0; length < whole.length; length += 1) {
      // Cut right after the sequence it is a heartbeat, and a whole one.
      if (length === 4) continue;
      expect(() => read(new FrameReader('x'), whole.subarray(0, length))).toThrow('cannot be read');
    }
  });

  it('reads lengths beyond 31 bits as lengths, not as negative numbers', () => {
    const frame = Buffer.from([0, 0, 0, 0, RECORD.data, 0xff, 0xff, 0xff, 0xff, 1]);
    expect(() => read(new FrameReader('x'), frame)).toThrow('cannot be read');
  });
});
