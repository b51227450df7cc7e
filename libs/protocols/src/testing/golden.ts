import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const writing = process.env['GOLDEN'] === 'write' && process.env['CI'] === undefined;

/** Compares with the golden file beside a fixture; `GOLDEN=write` renews it, never in CI. */
export function expectGolden(path: string, text: string): void {
  if (writing) writeFileSync(path, text);
  if (!existsSync(path)) throw new Error(`${path} is missing: run with GOLDEN=write, then read what it says`);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

/** Raw nodes repeat the fixture; the law that replays them needs no golden. */
export const printIr = (value: unknown): string =>
  JSON.stringify(value, (key, entry: unknown) => (key === 'raw' && isRaw(entry) ? undefined : entry), 2);

const isRaw = (value: unknown): boolean => typeof value === 'object' && value !== null && 'protocol' in value;
