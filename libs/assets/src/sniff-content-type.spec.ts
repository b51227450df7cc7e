import { sniffContentType } from './index.js';

describe('sniffContentType', () => {
  it.each([
    { hex: '89504e470d0a1a0a0000000d49484452', type: 'image/png' },
    { hex: 'ffd8ffe000104a4649460001', type: 'image/jpeg' },
    { hex: '474946383961', type: 'image/gif' },
    { hex: '524946461a000000574542505650384c', type: 'image/webp' },
    { hex: '524946461a00000057415645666d7420', type: undefined },
    { hex: '1a45dfa3a3428681', type: 'video/webm' },
    { hex: '000000186674797069736f6d', type: 'video/mp4' },
    { hex: '0000001466747970717420200000', type: 'video/quicktime' },
    { hex: '3c68746d6c3e', type: undefined },
    { hex: '89504e47', type: undefined },
    { hex: '', type: undefined },
  ])('says $type of $hex', ({ hex, type }) => {
    expect(sniffContentType(Buffer.from(hex, 'hex'))).toBe(type);
  });
});
