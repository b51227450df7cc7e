import { describeAnswerStore } from '../testing/describe-answer-store.js';
import { MemoryAnswerStore } from '../testing/memory-answer-store.js';

const DAY_MS = 86_400_000;

describeAnswerStore('memory', async () => {
  const store = new MemoryAnswerStore();
  let now = Date.UTC(2026, 10, 20);
  store.now = () => now;
  const pass = (ms: number) => async () => void (now += ms);
  return { store, lapse: pass(60_001), expire: pass(DAY_MS), stop: async () => undefined };
});
