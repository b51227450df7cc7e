import { hash } from 'node:crypto';

import { TransientSet } from '@bytespike/kernel';

import { BUS_LIMITS } from '../bus-limits.js';
import { joinFacts } from './fact-message.js';

/** Facts that leave as one message. */
export interface FactBatch {
  readonly text: string;
  /** Names exactly these facts, so that JetStream recognises a repeat of the message. */
  readonly messageId: string;
}

interface OpenBatch {
  readonly texts: string[];
  readonly ids: Set<string>;
  bytes: number;
  readonly close: () => void;
  readonly stored: Promise<void>;
}

export interface FactOutboxOptions {
  readonly subject: string;
  /** How long the first fact of a message waits for others. Zero: until the end of this turn of the event loop. */
  readonly lingerMs: number;
  readonly messageBytesMax: number;
  /** Resolves when the message is stored. */
  readonly store: (batch: FactBatch) => Promise<void>;
}

/** The facts of one topic on their way out: a message and an acknowledgement cost more than what they carry. */
export class FactOutbox {
  private open: OpenBatch | undefined;
  private readonly leaving = new TransientSet<Promise<void>>();

  constructor(private readonly options: FactOutboxOptions) {}

  /** Resolves when the fact is stored. */
  add(id: string, text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    if (this.open && this.open.bytes + bytes > this.options.messageBytesMax) this.open.close();
    const batch = (this.open ??= this.begin());
    // Stated twice within one message, a fact is the same fact.
    if (batch.ids.has(id)) return batch.stored;
    batch.ids.add(id);
    batch.texts.push(text);
    batch.bytes += bytes + 1;
    if (batch.ids.size >= BUS_LIMITS.messageFactsMax) batch.close();
    return batch.stored;
  }

  /** Sends what waits, and resolves when nothing is under way. */
  async flush(): Promise<void> {
    this.open?.close();
    while (this.leaving.size > 0) await Promise.allSettled(this.leaving);
  }

  private begin(): OpenBatch {
    const { lingerMs, store } = this.options;
    const texts: string[] = [];
    const ids = new Set<string>();
    let leave: () => void = () => undefined;
    const stored = new Promise<void>((resolve) => {
      leave = resolve;
    }).then(() => store({ text: joinFacts(texts), messageId: this.messageId([...ids]) }));
    const close = (): void => {
      if (this.open !== batch) return;
      this.open = undefined;
      clearTimeout(timer);
      leave();
    };
    const batch: OpenBatch = { texts, ids, bytes: 2, close, stored };
    const timer = lingerMs > 0 ? setTimeout(close, lingerMs) : undefined;
    if (!timer) setImmediate(close);
    this.leaving.add(stored);
    const left = (): void => void this.leaving.delete(stored);
    stored.then(left, left);
    return batch;
  }

  private messageId(ids: readonly string[]): string {
    const { subject } = this.options;
    return ids.length === 1 ? `${subject} ${ids[0]}` : `${subject} ${hash('sha256', ids.join('\n'), 'base64url')}`;
  }
}
