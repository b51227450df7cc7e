#!/usr/bin/env node
// Stands in for Prisma's native `schema-engine` where it cannot be downloaded: the same arguments and the same
// JSON-RPC over stdio, answered by @prisma/schema-engine-wasm through @prisma/adapter-pg. Plain JavaScript from
// the registry, so a closed network can migrate. The CLI runs it through PRISMA_SCHEMA_ENGINE_BINARY (prisma-cli.mjs).
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const INTERNAL_CHAR_OID = 18;
const TEXT_OID = 25;
const CLI_ERROR_CODES = { '3D000': 'P1003', '28P01': 'P1000' };
const METHOD_NAMES = { getDatabaseVersion: 'version' };

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const datasource = JSON.parse(option('--datasource') ?? '{}');
const datamodels = args.flatMap((argument, at) =>
  argument === '--datamodels' || argument === '-d' ? [[args[at + 1], readFileSync(args[at + 1], 'utf8')]] : [],
);

/**
 * Discrete fields rather than a connection string: pg lets a connection string win over `database`, and the shadow
 * database, opened with the same settings and another name, would then be the main one.
 */
function connectionSettings(address) {
  const url = new URL(address);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password) || undefined,
    database: decodeURIComponent(url.pathname.slice(1)),
  };
}

async function withClient(settings, action) {
  const client = new pg.Client(settings);
  await client.connect();
  try {
    return await action(client);
  } finally {
    await client.end();
  }
}

/** `CREATE DATABASE` and its like are said from the maintenance database. */
function administer(address, statement) {
  const settings = connectionSettings(address);
  return withClient({ ...settings, database: 'postgres' }, (client) =>
    client.query(`${statement} ${client.escapeIdentifier(settings.database)}`),
  );
}

const CLI_COMMANDS = {
  'can-connect-to-database': (address) => withClient(connectionSettings(address), () => undefined),
  'create-database': (address) => administer(address, 'CREATE DATABASE'),
  'drop-database': (address) => administer(address, 'DROP DATABASE IF EXISTS'),
};

async function runCliCommand(name) {
  try {
    await CLI_COMMANDS[name]?.(datasource.url);
    process.exit(0);
  } catch (error) {
    const fields = { message: error.message, error_code: CLI_ERROR_CODES[error.code] ?? 'P1001', is_panic: false };
    const line = { timestamp: new Date().toISOString(), level: 'ERROR', fields, target: 'schema_engine::logger' };
    // The CLI skips the first line of stderr and reads the rest as JSON.
    process.stderr.write(`\n${JSON.stringify(line)}`);
    process.exit(1);
  }
}

let repaired = false;

/** Two faults of adapter-pg 7.10, repaired once on the class that all its adapters share. */
function repair(adapter) {
  if (repaired) return adapter;
  repaired = true;
  let prototype = adapter;
  while (prototype && !Object.hasOwn(prototype, 'performIO')) prototype = Object.getPrototypeOf(prototype);
  allowInternalChar(prototype);
  sendScriptsWhole(Object.hasOwn(prototype, 'executeScript') ? prototype : Object.getPrototypeOf(adapter));
  return adapter;
}

/** It cuts scripts at every semicolon, also inside function bodies and quoted text; the server reads them whole. */
function sendScriptsWhole(prototype) {
  prototype.executeScript = async function (script) {
    await this.client.query(script).catch((error) => this.onError(error));
  };
}

/** It refuses Postgres's internal "char" type, which the engine's own catalogue queries return. */
function allowInternalChar(prototype) {
  const { performIO, queryRaw } = prototype;
  prototype.performIO = async function (query) {
    const result = await performIO.call(this, query);
    query.charColumns = [];
    for (const [at, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== INTERNAL_CHAR_OID) continue;
      field.dataTypeID = TEXT_OID;
      query.charColumns.push(at);
    }
    return result;
  };
  prototype.queryRaw = async function (query) {
    const own = { ...query };
    const result = await queryRaw.call(this, own);
    for (const at of own.charColumns ?? []) result.columnTypes[at] = ColumnTypeEnum.Character;
    return result;
  };
}

/** adapter-pg 7.10 drops the shadow database while its own pool is still connected: close first, then drop. */
async function connectToShadowDatabase(settings, options) {
  const database = `prisma_migrate_shadow_db_${randomUUID()}`;
  await withClient(settings, (client) => client.query(`CREATE DATABASE "${database}"`));
  const adapter = repair(await new PrismaPg({ ...settings, database }, options).connect());
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await withClient(settings, (client) => client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`));
  };
  return adapter;
}

function adapterFactory() {
  const settings = datasource.url ? connectionSettings(datasource.url) : {};
  const schema = datasource.url ? (new URL(datasource.url).searchParams.get('schema') ?? undefined) : undefined;
  const base = new PrismaPg(settings, { schema });
  const connect = base.connect.bind(base);
  base.connect = async () => repair(await connect());
  base.connectToShadowDb = () => connectToShadowDatabase(settings, { schema });
  return bindMigrationAwareSqlAdapterFactory(base);
}

let panicMessage;

async function loadEngine() {
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bindings = await import(join(folder, 'schema_engine_bg.js'));
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panicMessage = message) };
  const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const factory = adapterFactory();
  const models = datamodels.length > 0 ? datamodels : undefined;
  const engine = await bindings.SchemaEngine.new({ datamodels: models }, () => undefined, factory);
  return { engine, errors: factory.errorRegistry };
}

let loaded;

async function answer({ id, method, params }) {
  if (method === 'createDatabase') {
    const address = params?.datasource?.url ?? datasource.url;
    await administer(address, 'CREATE DATABASE');
    return { databaseName: connectionSettings(address).database };
  }
  loaded ??= loadEngine();
  const { engine } = await loaded;
  const result = await engine[METHOD_NAMES[method] ?? method](params);
  // The native engine prints a diff by calling back; the CLI's answer to this call is skipped below.
  if (method === 'diff' && typeof result?.stdout === 'string')
    send({ jsonrpc: '2.0', method: 'print', params: { content: result.stdout }, id: 1_000_000 + id });
  return result ?? null;
}

async function failure(error) {
  const registered = error?.id === undefined ? undefined : (await loaded)?.errors?.consumeError?.(error.id);
  const message = String(panicMessage ?? registered?.error?.message ?? error?.message ?? error);
  const data = { is_panic: false, message, meta: error?.meta ?? null, error_code: error?.code ?? null };
  return { code: 4466, message: 'An error happened. Check the data field for details.', data };
}

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

if (args.includes('cli')) await runCliCommand(args[args.indexOf('cli') + 1]);

for await (const line of createInterface({ input: process.stdin })) {
  const request = line.trim() ? JSON.parse(line) : {};
  if (!request.method) continue;
  try {
    send({ jsonrpc: '2.0', id: request.id, result: await answer(request) });
  } catch (error) {
    send({ jsonrpc: '2.0', id: request.id, error: await failure(error) });
  }
}
process.exit(0);
