import { isAssetName, nameAsset } from './asset-name.js';

describe('nameAsset', () => {
  it('files an asset under its kind and day', () => {
    const at = new Date('2026-11-20T23:59:59Z');
    const name = nameAsset({ kind: 'vid', id: '01KAXYZ', at, contentType: 'video/mp4' });
    expect(name).toBe('vid/2026-11-20/01KAXYZ.mp4');
    expect(isAssetName(name)).toBe(true);
  });

  it('takes no id that would lead elsewhere', () => {
    const name = (): string => nameAsset({ kind: 'img', id: '../x', at: new Date(0), contentType: 'image/png' });
    expect(name).toThrow('assertion failed');
  });
});
