import type { Logger } from '@bytespike/telemetry';
import { GatewayError } from '@bytespike/kernel';

import type { Shown } from '../domain/task.js';

/** How long renders of a model and size have lately taken, in seconds; the newest first. */
export type ReadRecent = (model: string, units: number, limit: number) => Promise<readonly number[]>;

export interface RecentRendersParts {
  readonly read: ReadRecent;
  readonly now: () => number;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Fewer say nothing; more say nothing new. */
const SAMPLES_MIN = 5;
const SAMPLES_MAX = 31;
const LEARN_EVERY_MS = 60_000;
/** Models times lengths; beyond it the oldest is forgotten. */
const KNOWN_MAX = 1_000;

interface Learnt {
  /** One question, whoever waits for its answer. */
  readonly seconds: Promise<number | undefined>;
  readonly learntAt: number;
}

/** Expects of a render what recent ones of its kind have taken, and what the table of models says until there are some. */
export class RecentRenders {
  private readonly known = new Map<string, Learnt>();

  constructor(private readonly parts: RecentRendersParts) {}

  async expect(model: string, { seconds, images }: Shown, told: number): Promise<number> {
    const units = seconds ?? images ?? 1;
    const name = `${model} ${String(units)}`;
    const learnt = this.known.get(name);
    if (learnt && this.parts.now() - learnt.learntAt < LEARN_EVERY_MS) return (await learnt.seconds) ?? told;
    const fresh = { seconds: this.learn(model, units), learntAt: this.parts.now() };
    this.known.delete(name);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size >= KNOWN_MAX) this.known.delete(oldest);
    this.known.set(name, fresh);
    return (await fresh.seconds) ?? told;
  }

  /** The median: one render that waited for an hour says nothing about the next. */
  private async learn(model: string, units: number): Promise<number | undefined> {
    try {
      const samples = [...(await this.parts.read(model, units, SAMPLES_MAX))].sort((one, other) => one - other);
      const middle = samples[Math.floor(samples.length / 2)];
      return samples.length < SAMPLES_MIN || middle === undefined ? undefined : Math.max(1, Math.ceil(middle));
    } catch (error) {
      this.parts.logger.warn({ kind: GatewayError.from(error).kind }, 'nothing was learnt of recent renders');
      return undefined;
    }
  }
}
