import { readFileSync, writeFileSync } from 'node:fs';

import { PROTOCOL_NAMES } from '@bytespike/kernel';

import { compactTable, failures, fidelityReport } from './fidelity/report.js';
import { CELLS, judgeCells, type JudgedCell } from './fidelity/run-cells.js';
import { TARGETS } from './fidelity/targets.js';

const REPORT = new URL('../../../docs/generated/fidelity.md', import.meta.url);
const README = new URL('../../../README.md', import.meta.url);
const BETWEEN = /(<!-- fidelity -->\n\n)[\s\S]*?(\n\n<!-- \/fidelity -->)/;
const isWriting = process.env['REPORT'] === 'write';
const RENEW = 'is not what this run saw: run `npm run fidelity` and look at what it changed';

let cells: readonly JudgedCell[];
beforeAll(async () => {
  cells = await judgeCells(CELLS);
}, 110_000);

const pairs = PROTOCOL_NAMES.flatMap((client) => TARGETS.map((target) => ({ client, target, title: target.title })));

describe('the fidelity report', () => {
  it.each(pairs)('has no $client client that $title fails in silence', ({ client, target }) => {
    expect(failures(cells, target, client)).toEqual([]);
  });

  it('is the one in docs/generated', () => {
    const report = fidelityReport(cells);
    if (isWriting) writeFileSync(REPORT, report);
    const kept = readFileSync(REPORT, 'utf8');
    expect(kept === report ? 'renewed' : RENEW).toBe('renewed');
  });

  it('is summed up in the README', () => {
    const compact = compactTable(cells);
    const text = readFileSync(README, 'utf8');
    if (isWriting) writeFileSync(README, text.replace(BETWEEN, `$1${compact}$2`));
    expect(readFileSync(README, 'utf8').includes(compact) ? 'renewed' : RENEW).toBe('renewed');
  });
});
