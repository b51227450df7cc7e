import type { FaultDesk } from '../faults/fault-desk.js';
import type { Gates } from '../faults/gates.js';
import type { Connections } from '../record/connections.js';
import type { Recorder } from '../record/recorder.js';
import type { Violations } from '../record/violations.js';
import type { Renders } from '../renders/renders.js';

/** What the control endpoints act upon. */
export interface Desk {
  readonly faults: FaultDesk;
  readonly gates: Gates;
  readonly recorder: Recorder;
  readonly renders: Renders;
  readonly now: () => number;
  readonly violations: Violations;
  readonly connections: Connections;
  /** Further endpoints, of what is simulated beside the vendors. */
  readonly controls: Controls;
}

/** Control endpoints by method and path. */
export type Controls = Readonly<Record<string, Control>>;

export type Control = (
  desk: Desk,
  asked: { query: URLSearchParams; body: Readonly<Record<string, unknown>> },
) => unknown;
