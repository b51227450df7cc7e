import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

import { GatewayError, parseJson } from '@bytespike/kernel';

import { findDestination, UnusablePreview } from './find-destination.js';
import { previewTranslation } from './preview-translation.js';
import { readArguments, USAGE } from './read-arguments.js';

/** Signs nothing: capsules that a running gateway gave out are none that this command could open. */
const NO_SIGNER = { sign: () => '' };

const [command, ...words] = process.argv.slice(2);

/** `bytespike translate`: one JSON document on the standard output. Leaves with 1 when the request would be refused. */
async function translate(): Promise<void> {
  const { from, wanted, file, ...asked } = readArguments(words);
  const body = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
  const preview = previewTranslation(
    { ...asked, allow: [...asked.allow], clientProtocol: from, body },
    findDestination(from, wanted),
    { signer: NO_SIGNER, nowMs: Date.now() },
  );
  const shown = { ...preview, body: parseJson(preview.body) };
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  if (preview.refused) process.exitCode = 1;
}

function explain(thrown: unknown): void {
  if (!(thrown instanceof UnusablePreview || thrown instanceof GatewayError || isFileError(thrown))) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = thrown instanceof GatewayError ? 1 : 2;
}

const isFileError = (thrown: unknown): thrown is NodeJS.ErrnoException => thrown instanceof Error && 'code' in thrown;

if (command !== 'translate' || words.includes('--help')) {
  process.stdout.write(USAGE);
  process.exitCode = command === 'translate' ? 0 : 2;
} else await translate().catch(explain);
