import { bytesWithoutSecret } from './without-secret.js';

const masked = (text: string, secret: string): string =>
  Buffer.from(bytesWithoutSecret(Buffer.from(text), secret)).toString();

describe('bytes without a credential', () => {
  it('have a mask wherever it stood, and all else as it was', () => {
    expect(masked('bad key vk-1 for é, not vk-1', 'vk-1')).toBe('bad key [credential] for é, not [credential]');
  });

  it('are the same bytes where it does not stand', () => {
    const bytes = Buffer.from('no such model');
    expect(bytesWithoutSecret(bytes, 'vk-1')).toBe(bytes);
  });

  it('stay as they are for a vendor that wants none', () => {
    expect(masked('no such model', '')).toBe('no such model');
  });
});
