/** Counts of what is open right now, and when callers left early. */
export interface Connections {
  opened(): void;
  closed(): void;
  streamOpened(): void;
  streamClosed(): void;
  request(): void;
  closedByPeer(atMs: number): void;
  snapshot(): ConnectionCounts;
}

export interface ConnectionCounts {
  readonly openConnections: number;
  readonly openConnectionsMax: number;
  readonly openStreams: number;
  readonly openStreamsMax: number;
  readonly requests: number;
  readonly closedByPeer: number;
  /** The latest moments at which a caller left before its answer was complete. */
  readonly closedByPeerAt: readonly number[];
}

const MOMENTS_MAX = 1_000;

export const createConnections = (): Connections => {
  const counts = {
    openConnections: 0,
    openConnectionsMax: 0,
    openStreams: 0,
    openStreamsMax: 0,
    requests: 0,
    closedByPeer: 0,
  };
  let moments: number[] = [];
  return {
    opened: () => {
      counts.openConnections += 1;
      counts.openConnectionsMax = Math.max(counts.openConnectionsMax, counts.openConnections);
    },
    closed: () => {
      counts.openConnections -= 1;
    },
    streamOpened: () => {
      counts.openStreams += 1;
      counts.openStreamsMax = Math.max(counts.openStreamsMax, counts.openStreams);
    },
    streamClosed: () => {
      counts.openStreams -= 1;
    },
    request: () => {
      counts.requests += 1;
    },
    closedByPeer: (atMs) => {
      counts.closedByPeer += 1;
      moments = [...moments, atMs].slice(-MOMENTS_MAX);
    },
    snapshot: () => ({ ...counts, closedByPeerAt: moments }),
  };
};
