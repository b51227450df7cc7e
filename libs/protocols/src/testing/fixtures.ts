import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { ProtocolName } from '@bytespike/kernel';

const root = fileURLToPath(new URL('../', import.meta.url));

export interface RequestFixture {
  readonly name: string;
  /** Path without its suffix; goldens stand beside it. */
  readonly path: string;
  readonly body: object;
}

export interface StreamFixture {
  readonly name: string;
  readonly path: string;
  readonly chunks: readonly unknown[];
  /** The same answer unstreamed, where the stream is one. */
  readonly body: object | undefined;
}

const names = (folder: string, suffix: RegExp): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => suffix.test(file))
        .map((file) => file.slice(0, file.indexOf('.')))
    : [];

const readJson = (path: string): object => JSON.parse(readFileSync(path, 'utf8')) as object;

export function requestFixtures(protocol: ProtocolName): readonly RequestFixture[] {
  const folder = `${root}${protocol}/__fixtures__/request`;
  return names(folder, /^[^.]+\.json$/).map((name) => {
    const path = `${folder}/${name}`;
    return { name, path, body: readJson(`${path}.json`) };
  });
}

export function streamFixtures(protocol: ProtocolName): readonly StreamFixture[] {
  const folder = `${root}${protocol}/__fixtures__/stream`;
  return names(folder, /\.chunks\.jsonl$/).map((name) => {
    const path = `${folder}/${name}`;
    const lines = readFileSync(`${path}.chunks.jsonl`, 'utf8').trim().split('\n');
    const chunks = lines.map((line) => JSON.parse(line) as unknown);
    return { name, path, chunks, body: existsSync(`${path}.json`) ? readJson(`${path}.json`) : undefined };
  });
}
