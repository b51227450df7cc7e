import { createGroupCommit, createQuery, type GroupCommit, type Pool, type Query } from '@bytespike/database';
import { GatewayError, LIMITS, isJsonObject, type JsonObject, type JsonValue } from '@bytespike/kernel';

import type { TurnSealer } from './seal-turn.js';
import { CHAIN, FIND, FORGET, HOLDERS, KEEP, SWEEP } from './statements.js';
import { StoredResponseStore, type Chain, type ChainLimits, type Kept } from './stored-response-store.js';
import { itemIds, type StoredResponse, type StoredTurn } from './stored-turn.js';

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;
/** One statement's worth of sealed bytes, and what may wait for the next one. */
const BATCH_BYTES_MAX = 4 * MIB;
const WAITING_BYTES_MAX = 64 * MIB;
/** Far more than the items one request may sensibly refer to are held by. */
const HOLDERS_MAX = 100;
const SWEEP_ROWS_MAX = 500;

interface SealedRow {
  readonly kept: Kept;
  readonly turn: Buffer;
  readonly answer: Buffer;
  readonly turnBytes: number;
}

interface TurnRow {
  readonly response_id: string;
  readonly previous_id: string | null;
  readonly turn: Buffer;
}

export interface PgStoredResponseParts {
  readonly pool: Pool;
  readonly sealer: TurnSealer;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Stored responses in Postgres; sealed before they leave this process, and opened only in one. */
export class PgStoredResponseStore extends StoredResponseStore {
  private readonly query: Query;
  private readonly writes: GroupCommit<SealedRow, 'kept'>;

  constructor(private readonly parts: PgStoredResponseParts) {
    super();
    this.query = createQuery(parts.pool, 'stored responses cannot be reached');
    this.writes = createGroupCommit({
      commit: (rows) => this.write(rows),
      weigh: ({ turn, answer }) => turn.length + answer.length,
      batchMax: BATCH_BYTES_MAX,
      waitingMax: WAITING_BYTES_MAX,
      lingerMs: () => 0,
      mayIsolate: (error) => !(error instanceof GatewayError),
    });
  }

  override async keep(kept: Kept): Promise<void> {
    const { keyId, turn, answer } = kept;
    const items = Buffer.from(JSON.stringify({ input: turn.input, output: turn.output }));
    const [sealedTurn, sealedAnswer] = await Promise.all([
      this.parts.sealer.seal(items, keyId, placeOf(turn.responseId, 'turn')),
      this.parts.sealer.seal(Buffer.from(JSON.stringify(answer)), keyId, placeOf(turn.responseId, 'answer')),
    ]);
    await this.writes.submit({ kept, turn: sealedTurn, answer: sealedAnswer, turnBytes: items.length });
  }

  override async chain(keyId: string, responseId: string, { turnsMax, bytesMax }: ChainLimits): Promise<Chain> {
    type Row = TurnRow & { readonly bytes: bigint; readonly length: number };
    const { rows } = await this.query<Row>(CHAIN, [keyId, responseId, this.today(), turnsMax, bytesMax]);
    const oldest = rows[0];
    if (!oldest) return { state: 'missing' };
    if (oldest.bytes > bytesMax) return { state: 'large' };
    if (oldest.previous_id !== null) return { state: oldest.length >= turnsMax ? 'long' : 'broken' };
    return { state: 'whole', turns: await this.open(keyId, rows) };
  }

  override async holders(keyId: string, ids: readonly string[]): Promise<readonly StoredTurn[]> {
    if (ids.length === 0) return [];
    const { rows } = await this.query<TurnRow>(HOLDERS, [keyId, ids, this.today(), HOLDERS_MAX]);
    return this.open(keyId, rows);
  }

  override async find(keyId: string, responseId: string): Promise<StoredResponse | undefined> {
    const { rows } = await this.query<TurnRow & { readonly answer: Buffer }>(FIND, [keyId, responseId, this.today()]);
    const [row] = rows;
    if (!row) return undefined;
    const [turn, answer] = await Promise.all([
      this.openTurn(keyId, row),
      this.parts.sealer.open(row.answer, keyId, placeOf(responseId, 'answer')),
    ]);
    return { turn, answer };
  }

  override async forget(keyId: string, responseId: string): Promise<boolean> {
    const { rows } = await this.query<{ readonly stood: boolean }>(FORGET, [keyId, responseId, this.today()]);
    return rows[0]?.stood === true;
  }

  override async sweep(): Promise<number> {
    const { rowCount } = await this.query(SWEEP, [this.today(), SWEEP_ROWS_MAX]);
    return rowCount ?? 0;
  }

  /** Called by Nest when the application closes. */
  async onApplicationShutdown(): Promise<void> {
    await this.writes.settled();
    await this.parts.pool.end();
  }

  private async write(rows: readonly SealedRow[]): Promise<readonly 'kept'[]> {
    const last = [...new Map(rows.map((row) => [`${row.kept.keyId} ${row.kept.turn.responseId}`, row])).values()];
    const now = this.parts.now();
    await this.query(KEEP, [
      last.map(({ kept }) => kept.keyId),
      last.map(({ kept }) => kept.turn.responseId),
      last.map(({ kept }) => kept.turn.previousId ?? null),
      last.map(({ kept }) => JSON.stringify(itemIds(kept.turn))),
      last.map(({ turn }) => turn),
      last.map(({ answer }) => answer),
      last.map(({ turnBytes }) => turnBytes),
      new Date(now),
      new Date(now + LIMITS.storedResponseDays * DAY_MS),
    ]);
    return rows.map(() => 'kept');
  }

  private open(keyId: string, rows: readonly TurnRow[]): Promise<readonly StoredTurn[]> {
    return Promise.all(rows.map((row) => this.openTurn(keyId, row)));
  }

  private async openTurn(keyId: string, row: TurnRow): Promise<StoredTurn> {
    const { response_id: responseId, previous_id: previousId } = row;
    const { input, output } = await this.parts.sealer.open(row.turn, keyId, placeOf(responseId, 'turn'));
    return { responseId, ...(previousId !== null && { previousId }), input: objects(input), output: objects(output) };
  }

  private today(): Date {
    return new Date(this.parts.now());
  }
}

const placeOf = (responseId: string, part: 'turn' | 'answer'): string => `${part} ${responseId}`;

const objects = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly JsonValue[]).filter(isJsonObject) : [];
