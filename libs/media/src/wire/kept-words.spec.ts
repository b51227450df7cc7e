import { mediaFailure } from './media-errors.js';
import { unknownWord } from './render-status.js';

describe("a vendor's words", () => {
  it('are kept without what no database takes', () => {
    expect(mediaFailure('upstream-refused', 'too\0 long: \ud83d')).toMatchObject({
      message: 'too long: \ufffd',
      said: 'too long: \ufffd',
    });
  });

  it('are whole characters where they are cut', () => {
    expect(unknownWord(`${'x'.repeat(99)}🎬`).word).toBe(`${'x'.repeat(99)}\ufffd`);
  });
});
