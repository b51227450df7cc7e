import { roomFiles } from './testing/fixtures.js';
import { IMAGE_VENDORS, VIDEO_VENDORS } from './registry.js';

const ROOM = [
  'asset-reference.ts',
  'cancel.ts',
  'errors.ts',
  'index.ts',
  'status-answer.ts',
  'submit-answer.ts',
  'submit-request.ts',
];

it.each([...Object.keys(VIDEO_VENDORS), ...Object.keys(IMAGE_VENDORS)])(
  'has the same files in the room of %s',
  (wire) => {
    expect(ROOM.filter((file) => !roomFiles(wire).includes(file))).toEqual([]);
  },
);
