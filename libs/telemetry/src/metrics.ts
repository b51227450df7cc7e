import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/**
 * Every metric there is, declared once. Labels are closed sets: a model is a catalogue id, never a caller's
 * string; there is no tenant, key or message in a label.
 */
export const registry = new Registry();

const registers = [registry];
const REQUEST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const FIRST_CONTENT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 60];
const SHORT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Every metric there is. Labels are closed sets: no account, no key, no text of a caller. */
export const metrics = {
  requests: new Counter({
    name: 'gw_requests_total',
    help: 'Requests by how they ended, recorded when the response has ended.',
    labelNames: ['protocol', 'operation', 'model', 'outcome', 'stream'],
    registers,
  }),
  requestSeconds: new Histogram({
    name: 'gw_request_duration_seconds',
    help: 'From the first byte of the request to the last of the response.',
    labelNames: ['protocol', 'operation', 'stream'],
    buckets: REQUEST_SECONDS,
    registers,
  }),
  firstContentSeconds: new Histogram({
    name: 'gw_ttft_seconds',
    help: 'From the first byte of the request to the first content sent to the client.',
    labelNames: ['protocol'],
    buckets: FIRST_CONTENT_SECONDS,
    registers,
  }),
  overheadSeconds: new Histogram({
    name: 'gw_overhead_seconds',
    help: 'Time spent in the gateway before the vendor was called.',
    labelNames: ['protocol'],
    buckets: SHORT_SECONDS,
    registers,
  }),
  inflightRequests: new Gauge({
    name: 'gw_inflight_requests',
    help: 'Requests being served.',
    labelNames: ['protocol'],
    registers,
  }),
  concurrencyAsked: new Counter({
    name: 'gw_concurrency_asked_total',
    help: 'Requests counted against what an account may have in flight: `everywhere`, or `here` in one process while Redis is away.',
    labelNames: ['counted'],
    registers,
  }),
  upstreamAttempts: new Counter({
    name: 'gw_upstream_attempts_total',
    help: 'Calls to vendors by how they ended; `kind` is empty for one that served.',
    labelNames: ['vendor', 'model', 'kind'],
    registers,
  }),
  mediaCalls: new Counter({
    name: 'gw_media_calls_total',
    help: 'Calls to vendors of pictures and films by what for and how they ended; `kind` is empty for one that served.',
    labelNames: ['vendor', 'model', 'step', 'kind'],
    registers,
  }),
  mediaCallSeconds: new Histogram({
    name: 'gw_media_call_duration_seconds',
    help: 'From a call to a vendor of pictures and films to the end of its answer.',
    labelNames: ['vendor', 'step'],
    buckets: REQUEST_SECONDS,
    registers,
  }),
  mediaBytes: new Counter({
    name: 'gw_media_bytes_total',
    help: 'Bytes of pictures and films copied into the object store.',
    labelNames: ['vendor', 'kind'],
    registers,
  }),
  mediaUnknownWords: new Counter({
    name: 'gw_media_unknown_words_total',
    help: 'Answers about a render whose state nobody knows here; more than none is a vendor that has changed.',
    labelNames: ['vendor', 'model'],
    registers,
  }),
  translationLosses: new Counter({
    name: 'gw_translation_losses_total',
    help: 'What translated requests lost, by code; a refused loss is counted too.',
    labelNames: ['code', 'client_protocol', 'vendor'],
    registers,
  }),
  storedResponses: new Counter({
    name: 'gw_stored_responses_total',
    help: 'Responses that their clients may come back to, by whether they were kept.',
    labelNames: ['result'],
    registers,
  }),
  idempotentRequests: new Counter({
    name: 'gw_idempotent_requests_total',
    help: 'Requests with an Idempotency-Key by what became of them: answered from what was kept (replayed), refused (conflict), or run, and then what became of the answer.',
    labelNames: ['result'],
    registers,
  }),
  circuitOpen: new Gauge({
    name: 'gw_circuit_open',
    help: '1 while the circuit of a channel and model lets nothing through.',
    labelNames: ['channel', 'model'],
    registers,
  }),
  tokens: new Counter({
    name: 'gw_tokens_total',
    help: 'Billed units by disjoint usage class.',
    labelNames: ['model', 'class'],
    registers,
  }),
  ledgerBatch: new Histogram({
    name: 'gw_ledger_batch_size',
    help: 'Requests that shared one commit.',
    labelNames: ['operation'],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
    registers,
  }),
  ledgerCommitSeconds: new Histogram({
    name: 'gw_ledger_commit_seconds',
    help: 'Time of one ledger commit.',
    labelNames: ['operation'],
    buckets: SHORT_SECONDS,
    registers,
  }),
  ledgerHeld: new Gauge({
    name: 'gw_ledger_held_nano_usd',
    help: 'Money held for requests that have not ended; what stays up without traffic is stranded.',
    registers,
  }),
  ledgerOrphans: new Counter({
    name: 'gw_ledger_orphans_total',
    help: 'Open holds that lapsed because the process that would have reported their end had died.',
    registers,
  }),
  ledgerOldestHoldSeconds: new Gauge({
    name: 'gw_ledger_oldest_hold_seconds',
    help: 'Age of the oldest open hold; more than the longest request and a quarter of an hour is a page.',
    registers,
  }),
  ledgerStranded: new Gauge({
    name: 'gw_ledger_stranded_nano_usd',
    help: 'Money held for requests that nobody will report any more, until their holds lapse.',
    registers,
  }),
  ledgerImbalance: new Gauge({
    name: 'gw_ledger_imbalance_nano_usd',
    help: 'Sum of all ledger entries at the last verification; anything but zero is a page.',
    registers,
  }),
  ledgerInvariantViolations: new Gauge({
    name: 'gw_ledger_invariant_violations',
    help: 'Rows that break a law of the ledger, as of the last verification; anything but zero is a page.',
    labelNames: ['invariant'],
    registers,
  }),
  ledgerVerified: new Gauge({
    name: 'gw_ledger_verified_timestamp_seconds',
    help: 'When the book was last verified as a whole; older than a few of its intervals is a page.',
    registers,
  }),
  ledgerMonthsAhead: new Gauge({
    name: 'gw_ledger_months_ahead',
    help: 'Months after this one that the ledger has partitions for; below one is a page.',
    registers,
  }),
  ledgerOutbox: new Gauge({
    name: 'gw_ledger_outbox_waiting',
    help: 'Facts about wallets that wait to be published; what stays up is a bus that does not take them.',
    registers,
  }),
  holdExtensions: new Counter({
    name: 'gw_hold_extensions_total',
    help: 'Holds of streams that started short, asked to grow: `extended`, or the kind of the refusal.',
    labelNames: ['result'],
    registers,
  }),
  usageFacts: new Counter({
    name: 'gw_usage_events_total',
    help: 'Usage facts by what became of them.',
    labelNames: ['result'],
    registers,
  }),
  taskSteps: new Counter({
    name: 'gw_task_steps_total',
    help: 'Steps of asynchronous tasks: `done`, or `broken` by a fault of ours and begun again.',
    labelNames: ['step', 'result'],
    registers,
  }),
  tasksOverdue: new Counter({
    name: 'gw_tasks_overdue_total',
    help: 'Tasks that a sweep found due and with nobody: their wake was lost, or their worker.',
    registers,
  }),
  tasksEnded: new Counter({
    name: 'gw_tasks_ended_total',
    help: 'Asynchronous tasks by how they ended; `error` is empty unless they failed.',
    labelNames: ['vendor', 'kind', 'state', 'error'],
    registers,
  }),
  taskSeconds: new Histogram({
    name: 'gw_task_duration_seconds',
    help: 'From the submit of a completed task to its end.',
    labelNames: ['vendor', 'kind'],
    buckets: [1, 2.5, 5, 10, 20, 30, 60, 90, 120, 180, 300, 600, 1_200, 3_600],
    registers,
  }),
  tasksOpen: new Gauge({
    name: 'gw_tasks_open',
    help: 'Asynchronous tasks that have not ended.',
    labelNames: ['state', 'vendor'],
    registers,
  }),
  taskOldestSeconds: new Gauge({
    name: 'gw_task_oldest_seconds',
    help: 'Age of the oldest task that has not ended.',
    labelNames: ['state', 'vendor'],
    registers,
  }),
  tasksStuck: new Gauge({
    name: 'gw_tasks_stuck',
    help: 'Tasks that do not get on by themselves: in `review` for ten minutes, not `settled` for as long, or `overdue` for one; above zero for five minutes is a page.',
    labelNames: ['why'],
    registers,
  }),
  callbackAttempts: new Counter({
    name: 'gw_callback_attempts_total',
    help: 'Messages sent to the callback addresses of tasks: `delivered`, `refused` with another status, or `unanswered`.',
    labelNames: ['result'],
    registers,
  }),
  callbacksOverdue: new Gauge({
    name: 'gw_callbacks_overdue',
    help: 'Callbacks that the last sweep found due and with nobody; a few of each account are looked at.',
    registers,
  }),
  snapshotVersion: new Gauge({
    name: 'gw_snapshot_version',
    help: 'Version of the catalogue in use.',
    labelNames: ['service'],
    registers,
  }),
  snapshotRejected: new Counter({
    name: 'gw_snapshot_rejected_total',
    help: 'Catalogue versions a reader refused, keeping its last good one.',
    labelNames: ['service'],
    registers,
  }),
  busRedeliveries: new Counter({
    name: 'gw_nats_redeliveries_total',
    help: 'Facts delivered more than once.',
    labelNames: ['consumer'],
    registers,
  }),
  busParked: new Counter({
    name: 'gw_nats_parked_total',
    help: 'Facts given up after the last delivery; they are kept in the stream PARKED for an operator.',
    labelNames: ['consumer'],
    registers,
  }),
} as const;

/** How often the delay of the event loop is sampled; the library's own ten milliseconds wake an idle process 100 times a second. */
const EVENT_LOOP_SAMPLE_MS = 50;

/** Adds process metrics (CPU, memory, event loop) once. */
export function collectProcessMetrics(): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLE_MS });
}
