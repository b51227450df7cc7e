// `npm run bench:protocols`: what translating costs by itself, without sockets, bus or servers. For every ordered pair:
// events per second and CPU per event of the translated lane beside the raw lane, and CPU of a 300 KB request.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { root } from '../../tools/infra/places.mjs';
import { bundle } from '../../tools/build.mjs';

const WARM_UP_ROUNDS = 20;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

/** CPU and wall time of one round, over as many rounds as fit into the time. */
function measure(subject, milliseconds) {
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) subject.run();
  const started = performance.now();
  const cpu = process.cpuUsage();
  let rounds = 0;
  do {
    subject.run();
    rounds += 1;
  } while (performance.now() - started < milliseconds);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1000;
  const events = rounds * subject.events;
  return { eventsPerSecond: events / seconds, cpuMicrosPerEvent: (user + system) / events };
}

const OPEN_STREAMS = 200;

/** Bytes of heap that one of many open streams holds when it has translated almost all of its answer. */
function heldBytes(openStream) {
  openStream();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const open = Array.from({ length: OPEN_STREAMS }, openStream);
  collectGarbage();
  return (process.memoryUsage().heapUsed - before) / open.length;
}

const COLUMNS = [
  ['client', ({ client }) => client],
  ['vendor', ({ target }) => target],
  ['events/s', ({ translated }) => translated.eventsPerSecond.toFixed(0)],
  ['us/event', ({ translated }) => translated.cpuMicrosPerEvent.toFixed(2)],
  ['raw us/event', ({ raw }) => raw.cpuMicrosPerEvent.toFixed(2)],
  ['KB/stream', ({ streamBytes }) => (streamBytes / 1000).toFixed(1)],
  ['300 KB ms', ({ request }) => (request.cpuMicrosPerEvent / 1000).toFixed(2)],
  ['raw 300 KB ms', ({ rawRequest }) => (rawRequest.cpuMicrosPerEvent / 1000).toFixed(2)],
];

export function protocolTable(rows) {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, show]) => show(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
  return cells.map(line).join('\n');
}

async function subjects() {
  await bundle('bench-protocols', 'libs/protocols/src/testing/bench-subjects.ts');
  return import(pathToFileURL(join(root, 'dist/bench-protocols/main.js')));
}

/** A client's conversation of 300 KB, as text: `(protocol, question) => body`. */
export const longBodies = async () => (await subjects()).longBody;

/** Measures every pair of libs/protocols, `seconds` for each of its four subjects. */
export async function benchProtocols(seconds) {
  const { benchSubjects } = await subjects();
  return benchSubjects().map(({ client, target, requestBytes, openStream, ...subjects }) => ({
    client,
    target,
    requestBytes,
    streamBytes: heldBytes(openStream),
    translated: measure(subjects.translatedStream, seconds * 1000),
    raw: measure(subjects.rawStream, seconds * 1000),
    request: measure(subjects.translatedRequest, seconds * 1000),
    rawRequest: measure(subjects.rawRequest, seconds * 1000),
  }));
}
