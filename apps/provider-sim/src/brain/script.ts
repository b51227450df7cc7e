import { withoutFaultMarks } from '../faults/fault-marks.js';

/** One line of a prompt that the simulator understands as an order. */
export type Directive =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'count'; readonly to: number }
  | { readonly type: 'words'; readonly number: number }
  | { readonly type: 'call'; readonly tool: string; readonly input: string }
  | { readonly type: 'think'; readonly text: string; readonly visibility: 'visible' | 'redacted' }
  | { readonly type: 'refuse'; readonly category: string }
  | { readonly type: 'search'; readonly query: string }
  | { readonly type: 'max' | 'pause' | 'empty' | 'see' | 'recall' | 'system' | 'tools' | 'json' };

export type Step = readonly Directive[];

const NUMBER_MAX = 1_000_000;
const limited = (digits: string | undefined): number => Math.min(Number(digits ?? 0), NUMBER_MAX);

interface Reader {
  readonly expression: RegExp;
  readonly read: (match: RegExpExecArray) => Directive;
}

const READERS: readonly Reader[] = [
  { expression: /^say:\s?(.*)$/i, read: (match) => ({ type: 'say', text: match[1] ?? '' }) },
  { expression: /^count to (\d+)\W*$/i, read: (match) => ({ type: 'count', to: limited(match[1]) }) },
  { expression: /^words:?\s+(\d+)\W*$/i, read: (match) => ({ type: 'words', number: limited(match[1]) }) },
  {
    expression: /^call:?\s+([\w.:-]+)\s*(\{.*\})?\s*$/i,
    read: (match) => ({ type: 'call', tool: match[1] ?? '', input: match[2] ?? '' }),
  },
  {
    expression: /^think( redacted)?:\s?(.*)$/i,
    read: (match) => ({
      type: 'think',
      text: match[2] ?? '',
      visibility: match[1] === undefined ? 'visible' : 'redacted',
    }),
  },
  { expression: /^refuse(?:\s+(\w+))?\W*$/i, read: (match) => ({ type: 'refuse', category: match[1] ?? 'cyber' }) },
  { expression: /^search:\s?(.*)$/i, read: (match) => ({ type: 'search', query: match[1] ?? '' }) },
  { expression: /^max\W*$/i, read: () => ({ type: 'max' }) },
  { expression: /^pause\W*$/i, read: () => ({ type: 'pause' }) },
  { expression: /^empty\W*$/i, read: () => ({ type: 'empty' }) },
  { expression: /^see\W*$/i, read: () => ({ type: 'see' }) },
  { expression: /^recall\W*$/i, read: () => ({ type: 'recall' }) },
  { expression: /^system\W*$/i, read: () => ({ type: 'system' }) },
  { expression: /^tools\W*$/i, read: () => ({ type: 'tools' }) },
  { expression: /^json\W*$/i, read: () => ({ type: 'json' }) },
];

const SCRIPT_CHARACTERS_MAX = 200_000;

/** Reads the orders in a prompt, line by line; a line `then` begins what is done after the tools have answered. */
export const parseScript = (prompt: string): readonly Step[] => {
  const steps: Directive[][] = [[]];
  if (prompt.length > SCRIPT_CHARACTERS_MAX) return steps;
  for (const line of withoutFaultMarks(prompt).split('\n')) {
    const order = line.trim();
    if (/^then\W*$/i.test(order)) {
      steps.push([]);
      continue;
    }
    const directive = directiveOf(order);
    if (directive !== undefined) steps.at(-1)?.push(directive);
  }
  return steps;
};

const directiveOf = (line: string): Directive | undefined => {
  for (const { expression, read } of READERS) {
    const match = expression.exec(line);
    if (match !== null) return read(match);
  }
  return undefined;
};
