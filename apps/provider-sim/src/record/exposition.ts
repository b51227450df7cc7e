export interface ProcessCounts {
  readonly requests: number;
  readonly closedByPeer: number;
  readonly openConnections: number;
  readonly openStreams: number;
  readonly openRenders: number;
  readonly cpuMicroseconds: number;
  readonly residentBytes: number;
}

/** Prometheus's text format. The platform's own registry is not ours to use: it would say of a vendor what a gateway counts. */
export const exposition = (counts: ProcessCounts): string =>
  METRICS.map(({ name, type, help, read }) =>
    [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${read(counts)}`, ''].join('\n'),
  ).join('');

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly read: (counts: ProcessCounts) => number;
}

const METRICS: readonly Metric[] = [
  {
    name: 'sim_requests_total',
    type: 'counter',
    help: 'Calls of vendors, refused ones included.',
    read: ({ requests }) => requests,
  },
  {
    name: 'sim_closed_by_peer_total',
    type: 'counter',
    help: 'Callers that left before their answer was complete.',
    read: ({ closedByPeer }) => closedByPeer,
  },
  {
    name: 'sim_open_connections',
    type: 'gauge',
    help: 'Connections that are open.',
    read: ({ openConnections }) => openConnections,
  },
  {
    name: 'sim_open_streams',
    type: 'gauge',
    help: 'Streams that are being written.',
    read: ({ openStreams }) => openStreams,
  },
  {
    name: 'sim_open_renders',
    type: 'gauge',
    help: 'Orders of pictures and films that are not finished.',
    read: ({ openRenders }) => openRenders,
  },
  {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'CPU time of this process, in seconds.',
    read: ({ cpuMicroseconds }) => cpuMicroseconds / 1_000_000,
  },
  {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Memory of this process that is resident.',
    read: ({ residentBytes }) => residentBytes,
  },
];
