// `npm run bench -- --lanes [--split]`: what the translated lane costs beside the raw one, through the running platform.
// For every ordered pair of protocols the same answer of the same vendor's wire: CPU per event of that vendor's stream,
// CPU of a 300 KB request, and memory of an open stream.
import { measure } from './measure.mjs';
import { askOn, PROTOCOLS } from './dialects.mjs';
import { residentPerStream } from './open-streams.mjs';

/** Two lengths of one answer: their difference is the cost of events alone, without that of a request. */
const COUNTS = { short: 10, long: 610 };
const CONCURRENCY = 16;
const SETTLING_IN_SECONDS = 2;
/** As fast as the vendor can write, so that a read brings many events; and one event after another, as models speak. */
const PACES = { burst: '', paced: '[[fault: drip=2]]\n' };

const load = (seconds) => ({ concurrency: CONCURRENCY, seconds, warmUpSeconds: 1 });

/** What a lane is asked, `name` beside it for the table. */
const onLane = (target, pair, asked) => ({
  ...target,
  name: `${pair.client} to ${pair.vendor}`,
  request: () => askOn(pair, { key: target.keys.extended, ...asked }),
});

/** A whole answer, to be looked at: how many events it has. One that is not what was asked for ends the run. */
async function eventsOf(target, pair, { prompt, last }) {
  const { path, headers, body } = askOn(pair, { key: target.keys.extended, prompt });
  const response = await fetch(`${target.origin}${path}`, { method: 'POST', headers, body });
  const text = await response.text();
  // Some dialects repeat the text at their end; numbers of the deltas are cut in pieces.
  const said = text.replaceAll(/[^0-9]/g, '');
  if (response.status !== 200 || !said.includes(String(last)))
    throw new Error(`${pair.client} to ${pair.vendor}: ${response.status} ${text.slice(0, 200)}`);
  return text.split(/\r?\n\r?\n/).filter((record) => record.includes('data:')).length;
}

const promptOf = (pace, count) => `${PACES[pace]}count to ${count}`;

async function laneCost(target, pair, pace, seconds) {
  const cost = {};
  for (const [length, count] of Object.entries(COUNTS)) {
    const prompt = promptOf(pace, count);
    const { cpuMsPerRequest, requests, errors } = await measure(onLane(target, pair, { prompt }), {
      load: load(seconds),
    });
    cost[length] = { cpuMsPerRequest, requests, errors };
  }
  return cost;
}

/** Rows of one vendor: its own clients' raw lane first, then the translated ones. */
async function vendorRows(target, vendor, pace, seconds) {
  const clients = [vendor, ...PROTOCOLS.filter((client) => client !== vendor)];
  const raw = { client: vendor, vendor };
  const [short, long] = await Promise.all(
    Object.values(COUNTS).map((count) => eventsOf(target, raw, { prompt: promptOf('burst', count), last: count })),
  );
  const rows = [];
  for (const client of clients) {
    const pair = { client, vendor };
    await eventsOf(target, pair, { prompt: promptOf('burst', COUNTS.long), last: COUNTS.long });
    process.stderr.write(`${pace}: ${client} to ${vendor}\n`);
    const cost = await laneCost(target, pair, pace, seconds);
    const added = cost.long.cpuMsPerRequest - cost.short.cpuMsPerRequest;
    rows.push({ pace, ...pair, events: long, ...cost, cpuMicrosPerEvent: (added * 1000) / (long - short) });
  }
  const [base] = rows;
  return rows.map((row) => ({
    ...row,
    lane: row.client === vendor ? 'raw' : 'translated',
    ratio: row.cpuMicrosPerEvent / base.cpuMicrosPerEvent,
  }));
}

/** A conversation of 300 KB with a short answer, of every client to every vendor. */
async function requestRows(target, longBody, seconds) {
  const rows = [];
  for (const client of PROTOCOLS)
    for (const vendor of [client, ...PROTOCOLS.filter((name) => name !== client)]) {
      process.stderr.write(`300 KB: ${client} to ${vendor}\n`);
      const body = longBody(client, 'say: ok');
      const { cpuMsPerRequest, requests, errors } = await measure(onLane(target, { client, vendor }, { body }), {
        load: load(seconds),
      });
      rows.push({ client, vendor, bytes: Buffer.byteLength(body), cpuMsPerRequest, requests, errors });
    }
  return rows.map((row) => {
    const raw = rows.find(({ client, vendor }) => client === row.client && vendor === row.client);
    return { ...row, addedCpuMs: row.cpuMsPerRequest - raw.cpuMsPerRequest };
  });
}

/** Measures every lane of one platform, `seconds` for each cell. Memory comes first: a heap that was large stays so. */
export async function benchLanes(target, longBody, seconds) {
  const streams = await residentPerStream(target);
  // A server's code is compiled while it runs; every lane is run before any is measured.
  for (const client of PROTOCOLS)
    for (const vendor of PROTOCOLS)
      for (const asked of [{ prompt: promptOf('burst', COUNTS.long) }, { body: longBody(client, 'say: ok') }])
        await measure(onLane(target, { client, vendor }, asked), { load: load(SETTLING_IN_SECONDS) });
  const events = [];
  for (const pace of Object.keys(PACES))
    for (const vendor of PROTOCOLS) events.push(...(await vendorRows(target, vendor, pace, seconds)));
  return { events, requests: await requestRows(target, longBody, seconds), streams };
}
