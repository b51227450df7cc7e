// The results as a table for people, JSON for machines, and a plot.

const milliseconds = (value) => (value === undefined ? '-' : value.toFixed(2));
const added = (value, base) => (value === undefined || base === undefined ? '-' : (value - base).toFixed(2));

const COLUMNS = [
  ['target', ({ target }) => target],
  ['req/s', ({ perSecond }) => perSecond.toFixed(0)],
  ['p50 ms', ({ latencyMs }) => milliseconds(latencyMs.p50)],
  ['+p50', ({ latencyMs }, base) => added(latencyMs.p50, base?.latencyMs.p50)],
  ['+p99', ({ latencyMs }, base) => added(latencyMs.p99, base?.latencyMs.p99)],
  ['+first p50', ({ firstContentMs }, base) => added(firstContentMs.p50, base?.firstContentMs.p50)],
  ['+first p99', ({ firstContentMs }, base) => added(firstContentMs.p99, base?.firstContentMs.p99)],
  ['+gap p99', ({ gapMs }, base) => added(gapMs.p99, base?.gapMs.p99)],
  ['CPU ms/req', ({ requests, cpuMsPerRequest }) => (requests > 0 ? cpuMsPerRequest.toFixed(3) : '-')],
  ['RSS MB', ({ residentBytes }) => (residentBytes / 1e6).toFixed(0)],
  ['errors', ({ errors }) => String(errors)],
];

/** One block per scenario; `+` columns are what a target adds to the vendor itself. */
export function table(results) {
  const names = [...new Set(results.map(({ scenario }) => scenario))];
  return names
    .map((name) =>
      block(
        name,
        results.filter(({ scenario }) => scenario === name),
      ),
    )
    .join('\n\n');
}

function block(name, rows) {
  const base = rows.find(({ target }) => target === 'the vendor directly');
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, show]) => show(row, base)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ');
  return [name, ...cells.map(line)].join('\n');
}

const BAR = { height: 18, gap: 6, left: 190, width: 520 };
const COLOURS = ['#9aa4b2', '#5f6b7a', '#2f6fed', '#6fa3ff', '#d9822b'];

/** CPU per request by scenario and target, as bars. */
export function plot(results) {
  const answered = results.filter(({ requests }) => requests > 0);
  const largest = Math.max(...answered.map(({ cpuMsPerRequest }) => cpuMsPerRequest));
  const targets = [...new Set(results.map(({ target }) => target))];
  let y = 40;
  const parts = [];
  for (const name of new Set(results.map(({ scenario }) => scenario))) {
    parts.push(`<text x="10" y="${y}" font-weight="bold">${name}</text>`);
    y += 10;
    for (const { target, cpuMsPerRequest } of answered.filter(({ scenario }) => scenario === name)) {
      const width = Math.max(1, (cpuMsPerRequest / largest) * BAR.width);
      parts.push(
        `<text x="20" y="${y + 13}">${target}</text>`,
        `<rect x="${BAR.left}" y="${y}" width="${width.toFixed(1)}" height="${BAR.height}" fill="${COLOURS[targets.indexOf(target) % COLOURS.length]}"/>`,
        `<text x="${(BAR.left + width + 6).toFixed(1)}" y="${y + 13}">${cpuMsPerRequest.toFixed(2)} ms</text>`,
      );
      y += BAR.height + BAR.gap;
    }
    y += 24;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="820" height="${y}" font-family="sans-serif" font-size="12"><text x="10" y="18" font-size="14">CPU per request, all processes of the target</text>${parts.join('')}</svg>\n`;
}
