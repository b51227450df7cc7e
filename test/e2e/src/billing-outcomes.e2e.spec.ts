import { readFileSync, writeFileSync } from 'node:fs';

import { billingReport, wrongCells } from './billing-outcomes/report.js';
import { CELLS, judgeCells, type JudgedCell } from './billing-outcomes/run-cells.js';
import { verifyLedger } from './ledger.js';

const REPORT = new URL('../../../docs/generated/billing-outcomes.md', import.meta.url);
const isWriting = process.env['REPORT'] === 'write';
const RENEW = 'is not what this run saw: run `npm run billing-outcomes` and look at what it changed';

let cells: readonly JudgedCell[];
beforeAll(async () => {
  cells = await judgeCells(CELLS);
}, 300_000);

describe('the failure matrix', () => {
  it('moves nothing but what the outcome table says, in every cell', () => {
    expect(wrongCells(cells)).toEqual([]);
  });

  it('is the one in docs/generated', () => {
    const report = billingReport(cells);
    if (isWriting) writeFileSync(REPORT, report);
    expect(readFileSync(REPORT, 'utf8') === report ? 'renewed' : RENEW).toBe('renewed');
  });

  it('leaves a book that balances', async () => {
    const { code, said } = await verifyLedger();
    expect({ code, said: code === 0 ? '' : said }).toEqual({ code: 0, said: '' });
  });
});
