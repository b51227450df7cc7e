import { CreditMeter, CreditWindow } from './credit.js';

describe('credit', () => {
  it('is spent and granted, and never below zero', () => {
    const credit = new CreditWindow(10);
    credit.spend(10);
    expect(credit.available).toBe(0);
    expect(() => credit.spend(1)).toThrow('spent 1 bytes of a credit of 0');
    credit.add(4);
    expect(credit.available).toBe(4);
  });

  it('is granted in quarters of the window', () => {
    const meter = new CreditMeter(100, 'x');
    meter.received(60);
    expect([10, 10, 10, 10, 20].map((bytes) => meter.read(bytes))).toEqual([0, 0, 30, 0, 30]);
  });

  it('lets a peer send exactly its window, and again what was granted', () => {
    const meter = new CreditMeter(100, 'x');
    meter.received(100);
    expect(() => meter.received(1)).toThrow('x sent more than its window');
    const other = new CreditMeter(100, 'x');
    other.received(100);
    expect(other.read(50)).toBe(50);
    other.received(50);
    expect(() => other.received(1)).toThrow('x sent more than its window');
  });

  it('never leaves a writer without credit once all it sent was read', () => {
    const credit = new CreditWindow(100);
    const meter = new CreditMeter(100, 'x');
    for (let turn = 0; turn < 1_000; turn += 1) {
      const bytes = Math.min(credit.available, 1 + ((turn * 37) % 100));
      expect(bytes).toBeGreaterThan(0);
      credit.spend(bytes);
      meter.received(bytes);
      credit.add(meter.read(bytes));
    }
  });
});
