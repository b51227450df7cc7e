// The lanes' results as tables for people.

const aligned = (rows, columns, texts) => {
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) => row.map((cell, at) => (at < texts ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  '))
    .join('\n');
};

const LANE = [
  ['client', ({ client }) => client],
  ['vendor', ({ vendor }) => vendor],
];

const EVENTS = [
  ['pace', ({ pace }) => pace],
  ...LANE,
  ['lane', ({ lane }) => lane],
  ['events', ({ events }) => String(events)],
  ['CPU ms/req', ({ long }) => long.cpuMsPerRequest.toFixed(2)],
  ['us/event', ({ cpuMicrosPerEvent }) => cpuMicrosPerEvent.toFixed(2)],
  ['times raw', ({ ratio }) => ratio.toFixed(2)],
  ['errors', ({ short, long }) => String(short.errors + long.errors)],
];

const REQUESTS = [
  ...LANE,
  ['KB', ({ bytes }) => (bytes / 1000).toFixed(0)],
  ['CPU ms/req', ({ cpuMsPerRequest }) => cpuMsPerRequest.toFixed(2)],
  ['added ms', ({ addedCpuMs }) => addedCpuMs.toFixed(2)],
  ['errors', ({ errors }) => String(errors)],
];

const STREAMS = [
  ...LANE,
  ['streams', ({ streams }) => String(streams)],
  ['RSS MB', ({ residentBytes }) => (residentBytes / 1e6).toFixed(0)],
  ['KB/stream', ({ bytesPerStream }) => (bytesPerStream / 1e3).toFixed(0)],
];

/** What must hold of translated lanes (README), and the worst that was seen of each. */
export function verdict({ events, requests }) {
  const worst = (values) => values.reduce((most, value) => (value > most ? value : most), -Infinity);
  const pace = (name) => worst(events.filter((row) => row.pace === name).map(({ ratio }) => ratio)).toFixed(2);
  const added = worst(requests.map(({ addedCpuMs }) => addedCpuMs)).toFixed(2);
  return `at most, per event: ${pace('paced')} times the raw lane paced, ${pace('burst')} times in bursts; a 300 KB request adds ${added} ms`;
}

export const laneTables = ({ events, requests, streams }) =>
  [aligned(events, EVENTS, 4), aligned(requests, REQUESTS, 2), aligned(streams, STREAMS, 2)].join('\n\n');
