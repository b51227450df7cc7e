import { describeAssetStore, MemoryAssetStore } from './index.js';

describeAssetStore('memory', async () => {
  let at = Date.parse('2026-11-20T12:00:00.000Z');
  const store = new MemoryAssetStore(() => new Date(at));
  return { store, advance: (ms) => void (at += ms), leftovers: async () => 0 };
});
