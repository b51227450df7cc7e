import type { GatewayError } from '@bytespike/kernel';
import { nuid, type Msg, type NatsConnection } from '@nats-io/nats-core';

const VERBS = ['PING', 'INFO', 'STATS'] as const;
type Verb = (typeof VERBS)[number];

const VERSION = '1.0.0';
const NANOS_PER_MS = 1e6;

/** How one subject is doing: counted since the process started. */
class Endpoint {
  private requests = 0;
  private errors = 0;
  private lastError = '';
  private processingMs = 0;

  constructor(
    readonly subject: string,
    readonly queue: string,
  ) {}

  /** Counts a call; the promise resolves with the error it was answered with, if any. */
  async measure(answered: Promise<GatewayError | undefined>): Promise<void> {
    const startedAt = performance.now();
    const error = await answered;
    this.requests += 1;
    this.processingMs += performance.now() - startedAt;
    if (!error) return;
    this.errors += 1;
    this.lastError = `${error.traits.status}:${error.kind}`;
  }

  describe() {
    return { name: this.subject.replaceAll('.', '-'), subject: this.subject, queue_group: this.queue };
  }

  stats() {
    const processing = Math.round(this.processingMs * NANOS_PER_MS);
    return {
      ...this.describe(),
      num_requests: this.requests,
      num_errors: this.errors,
      last_error: this.lastError,
      processing_time: processing,
      average_processing_time: this.requests === 0 ? 0 : Math.round(processing / this.requests),
    };
  }
}

/** NATS's own service protocol (ADR-32), so that `nats micro ls` lists what runs. The official library lags the client. */
export class ServiceInfo {
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly name: string;
  private readonly id = nuid.next();
  private readonly started = new Date().toISOString();

  constructor(name: string, connection: NatsConnection) {
    this.name = name.replaceAll(/[^A-Za-z0-9_-]/g, '-');
    for (const verb of VERBS) {
      for (const subject of [verb, `${verb}.${this.name}`, `${verb}.${this.name}.${this.id}`])
        connection.subscribe(`$SRV.${subject}`, { callback: (error, message) => this.answer(verb, error, message) });
    }
  }

  add(subject: string, queue: string): Endpoint {
    const endpoint = new Endpoint(subject, queue);
    this.endpoints.set(subject, endpoint);
    return endpoint;
  }

  remove(subject: string): void {
    this.endpoints.delete(subject);
  }

  private answer(verb: Verb, error: Error | null, message: Msg): void {
    if (!error) message.respond(JSON.stringify({ ...this.identity(), ...this.answers[verb]() }));
  }

  private identity() {
    return { name: this.name, id: this.id, version: VERSION, metadata: {} };
  }

  private readonly answers = {
    PING: () => ({ type: 'io.nats.micro.v1.ping_response' }),
    INFO: () => ({
      type: 'io.nats.micro.v1.info_response',
      description: '',
      endpoints: [...this.endpoints.values()].map((endpoint) => ({ ...endpoint.describe(), metadata: {} })),
    }),
    STATS: () => ({
      type: 'io.nats.micro.v1.stats_response',
      started: this.started,
      endpoints: [...this.endpoints.values()].map((endpoint) => endpoint.stats()),
    }),
  } satisfies Record<Verb, () => object>;
}
