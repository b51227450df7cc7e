import { readExport, UnreadableExport } from './read-export.js';

const faultsOf = (text: string): readonly string[] => {
  try {
    readExport(text);
    return [];
  } catch (error) {
    return error instanceof UnreadableExport ? error.faults : [String(error)];
  }
};

const HEADER = 'day,model,input_tokens,output_tokens,cost_usd';

describe("a vendor's export", () => {
  it('has its columns in any order, others beside them, quotes, a byte order mark and line ends of any kind', () => {
    const text =
      '\uFEFFcost_usd,"Model",workspace,output_tokens,day,input_tokens\r\n0.25,"gpt-5","a, b",20,2026-11-01,1000\r\n\r\n';
    expect(readExport(text)).toEqual([
      { day: '2026-11-01', model: 'gpt-5', inputTokens: 1_000n, outputTokens: 20n, cost: 250_000_000n },
    ]);
  });

  it('adds up the rows of one day and model', () => {
    const text = `${HEADER}\n2026-11-01,m,1,2,0.01\n2026-11-02,m,1,2,0.01\n2026-11-01,m,10,20,0.1\n`;
    expect(readExport(text)).toMatchObject([
      { day: '2026-11-01', inputTokens: 11n, outputTokens: 22n, cost: 110_000_000n },
      { day: '2026-11-02', inputTokens: 1n },
    ]);
  });

  it('may count pictures and seconds of film, and leave them empty for text', () => {
    const rows = ['2026-11-01,film,0,9,1,,8', '2026-11-01,film,0,9,1,0,4', '2026-11-01,text,1,2,1,,'];
    expect(readExport([`${HEADER},images,seconds`, ...rows].join('\n'))).toMatchObject([
      { model: 'film', images: 0n, seconds: 12n },
      { model: 'text', images: 0n, seconds: 0n },
    ]);
    expect(faultsOf(`${HEADER},images\n2026-11-01,m,1,2,0.01,2.5\n`)).toEqual(['line 2: images is "2.5"']);
  });

  it.each([
    ['nothing', '', ['line 1: no column day, model, input_tokens, output_tokens, cost_usd']],
    ['a header alone', HEADER, ['it has no rows']],
    ['a column too few', 'day,model,input_tokens,cost_usd\n2026-11-01,m,1,0\n', ['line 1: no column output_tokens']],
    [
      'every bad row by its line, and what is bad in it',
      `${HEADER}\n2026-11-01,m,1,2,0.01\n2026-02-30,m,1,2,0.01\n2026-11-01,,-1,2.5,1e3\n2026-11-01,m,1,2,-1\n`,
      [
        'line 3: day is "2026-02-30"',
        'line 4: model is ""',
        'line 4: input_tokens is "-1"',
        'line 4: output_tokens is "2.5"',
        'line 4: cost_usd is "1e3"',
        'line 5: cost_usd is "-1"',
      ],
    ],
  ])('is refused with %s', (_name, text, faults) => {
    expect(faultsOf(text)).toEqual(faults);
  });

  it('is refused where its quoting or its rows do not end, by line', () => {
    expect(faultsOf(`${HEADER}\n2026-11-01,m,1\n`)[0]).toMatch(/line 2/);
    expect(faultsOf(`${HEADER}\n2026-11-01,"m,1,2,0.01\n`)[0]).toMatch(/line/i);
  });

  it('is told of so many faults and no more', () => {
    const faults = faultsOf(`${HEADER}\n${'never,m,1,2,0.01\n'.repeat(50)}`);
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 30 more');
  });
});
