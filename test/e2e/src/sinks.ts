import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

import { query } from './ledger.js';
import { platform } from './platform.js';
import { redis } from './redis.js';

/** Where a platform writes things down; what is found there is told as `place: word`. */
export type Findings = string[];

/** A word as it is, and as it shows within base64: there it has three forms, by its place among other bytes. */
const spellings = (word: string): readonly string[] => {
  const encoded = ['', ' ', '  '].map((before) =>
    Buffer.from(before + word)
      .toString('base64')
      .slice(before.length + 1, -6),
  );
  // What is left of a short word might be anything.
  return [word, ...encoded.filter((piece) => piece.length >= 12)];
};

export const found = (place: string, text: string, words: readonly string[]): Findings =>
  words
    .filter((word) => spellings(word).some((spelling) => text.includes(spelling)))
    .map((word) => `${place}: ${word}`);

const logFolder = process.env['BYTESPIKE_LOGS'];

/** All that our services have logged since they were started; the simulated vendors are not ours. */
export function readLogs(): string {
  if (!logFolder) throw new Error('BYTESPIKE_LOGS is not set: run `npm test -- e2e`');
  const folder = logFolder;
  const files = readdirSync(folder).filter((name) => name !== 'provider-sim.log');
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
}

export const searchLogs = (words: readonly string[]): Findings => found('log', readLogs(), words);

/** Every row of every table of ours, as text, where bytes show as hexadecimal. */
export async function searchTables(words: readonly string[]): Promise<Findings> {
  const tables = await query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(5);
  const looked = words.flatMap((word) => [...spellings(word), Buffer.from(word).toString('hex')]);
  const findings = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await query<{ word: string }>(
        `SELECT DISTINCT word FROM ${name} AS row, unnest($1::text[]) AS word WHERE position(word IN row::text) > 0`,
        [looked],
      );
      return rows.map(({ word }) => `table ${name}: ${word}`);
    }),
  );
  return findings.flat();
}

/**
 * Keeps every fact that is published while it listens: a fact that was handled is gone from its stream. Answers, on
 * `stop`, these and whatever JetStream stores at that moment.
 */
export async function overhearFacts(): Promise<{ stop(): Promise<readonly string[]> }> {
  const connection = await connect({ servers: platform.urls.nats });
  const manager = await jetstreamManager(connection);
  const heard: string[] = [];
  for (const subject of await factSubjects(manager))
    connection.subscribe(subject, { callback: (_error, message) => void heard.push(message.string()) });
  await connection.flush();
  return {
    stop: async () => {
      const stored = await storedMessages(manager);
      await connection.close();
      return [...heard, ...stored];
    },
  };
}

async function factSubjects(manager: JetStreamManager): Promise<string[]> {
  const streams = await manager.streams.list().next();
  return streams.flatMap(({ config }) => config.subjects ?? []);
}

async function storedMessages(manager: JetStreamManager): Promise<string[]> {
  const texts: string[] = [];
  for (const { config, state } of await manager.streams.list().next())
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      // A message that was acknowledged has left a hole.
      const message = await manager.streams.getMessage(config.name, { seq }).catch(() => undefined);
      if (message) texts.push(message.string());
    }
  return texts;
}

export const searchFacts = (facts: readonly string[], words: readonly string[]): Findings =>
  found('fact', facts.join('\n'), words);

const READ_BY_TYPE: Readonly<Record<string, (key: string) => string>> = {
  string: (key) => `GET ${key}`,
  hash: (key) => `HGETALL ${key}`,
  list: (key) => `LRANGE ${key} 0 -1`,
  set: (key) => `SMEMBERS ${key}`,
  zset: (key) => `ZRANGE ${key} 0 -1`,
  stream: (key) => `XRANGE ${key} - +`,
};

/** Every key of Redis and what it holds. */
export async function searchRedis(words: readonly string[]): Promise<Findings> {
  const keysReply = await redis('KEYS *');
  const keys = keysReply.split('\r\n').filter((line) => line !== '' && !/^[*$]\d+$/.test(line));
  const values = await Promise.all(
    keys.map(async (key) => {
      const type = (await redis(`TYPE ${key}`)).slice(1).trim();
      return redis(READ_BY_TYPE[type]?.(key) ?? `DUMP ${key}`);
    }),
  );
  return found('redis', [keysReply, ...values].join('\n'), words);
}
