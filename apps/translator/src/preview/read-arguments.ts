import { parseArgs } from 'node:util';

import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import { UnusablePreview, type WantedDestination } from './find-destination.js';

/** A preview as it is asked for on a command line. */
export interface PreviewArguments {
  readonly from: ProtocolName;
  readonly wanted: WantedDestination;
  readonly stream: boolean;
  readonly policy: 'warn' | 'strict';
  readonly allow: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** A path, or `-` for the standard input. */
  readonly file: string;
}

export const USAGE = `usage: bytespike translate --from PROTOCOL --model MODEL [options] [BODY.json | -]

Shows what a vendor would be sent for a client's request, and what the translation loses. Nothing is sent.

  --from PROTOCOL     the dialect of the body: ${PROTOCOL_NAMES.join(', ')}
  --model MODEL       a model of the catalogue, as a client would name it
  --to PROTOCOL       the wire to use where the model is served on several
  --vendor VENDOR     with --to and --upstream: a wire that the catalogue does not list
  --upstream NAME     the vendor's name of the model
  --stream            as a streaming request
  --header 'K: V'     a header of the client's (may be repeated)
  --strict            refuse every loss that is not a mere hint
  --allow CODES       permit losses one by one, as x-gateway-allow does
`;

/** Reads the words after `translate`. Throws `UnusablePreview` with one line. */
export function readArguments(words: readonly string[]): PreviewArguments {
  const { values, positionals } = parsed(words);
  const from = PROTOCOL_NAMES.find((name) => name === values.from);
  if (!from) throw new UnusablePreview(`--from is one of ${PROTOCOL_NAMES.join(', ')}`);
  if (!values.model) throw new UnusablePreview('--model is required');
  const { model, to, vendor, upstream } = values;
  return {
    from,
    wanted: { model, to, vendor, upstream },
    stream: values.stream ?? false,
    policy: values.strict ? 'strict' : 'warn',
    allow: (values.allow ?? '').split(',').map((code) => code.trim()),
    headers: Object.fromEntries((values.header ?? []).map(header)),
    file: positionals[0] ?? '-',
  };
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        model: { type: 'string' },
        to: { type: 'string' },
        vendor: { type: 'string' },
        upstream: { type: 'string' },
        stream: { type: 'boolean' },
        strict: { type: 'boolean' },
        allow: { type: 'string' },
        header: { type: 'string', multiple: true },
      },
    });
  } catch (thrown) {
    throw new UnusablePreview(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function header(line: string): readonly [string, string] {
  const [name = '', ...rest] = line.split(':');
  if (rest.length === 0) throw new UnusablePreview(`--header is written 'name: value', not ${line}`);
  return [name.trim().toLowerCase(), rest.join(':').trim()];
}
