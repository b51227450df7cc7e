import {
  indexCatalogue,
  isVendorName,
  REAL_BASE_ADDRESSES,
  resolveModelName,
  seedCatalogue,
  TRANSLATION_PREFERENCE,
  vendorNames,
} from '@bytespike/catalog';
import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

import type { Destination } from './preview-translation.js';

/** What a person says of the destination; all but the model may be left to the catalogue. */
export interface WantedDestination {
  readonly model: string;
  readonly to?: string | undefined;
  readonly vendor?: string | undefined;
  readonly upstream?: string | undefined;
}

/** A question that cannot be answered as it was put; the message is one line for whoever asked. */
export class UnusablePreview extends Error {
  override readonly name = 'UnusablePreview';
}

/** For models that the catalogue does not know: what most vendors allow. */
const OUTPUT_TOKENS_USUAL = 32_768;

/** Where the seeded catalogue sends a model for clients of a protocol: its own wire if it has one, else the best other. */
export function findDestination(from: ProtocolName, wanted: WantedDestination): Destination {
  const named = namedProtocol(wanted.to);
  if (wanted.vendor !== undefined) return outright(from, named, wanted);
  const index = indexCatalogue(seedCatalogue(REAL_BASE_ADDRESSES));
  const found = resolveModelName(index, wanted.model);
  if (found?.kind !== 'model') throw new UnusablePreview(notServed(wanted.model, found?.successor));
  const { id, maxOutputTokens = OUTPUT_TOKENS_USUAL } = found.model;
  const channels = index.document.channels.flatMap(({ vendor, protocol, models }) =>
    models.filter(({ model }) => model === id).map(({ upstreamModel }) => ({ vendor, protocol, upstreamModel })),
  );
  const order = named ? [named] : [from, ...TRANSLATION_PREFERENCE];
  const [best] = order.flatMap((protocol) => channels.filter((channel) => channel.protocol === protocol));
  if (!best) throw new UnusablePreview(`${id} is not served on ${named ?? 'any text protocol'}`);
  return { ...best, model: id, maxOutputTokens, lane: best.protocol === from ? 'raw' : 'ir' };
}

function namedProtocol(name: string | undefined): ProtocolName | undefined {
  const known = PROTOCOL_NAMES.find((protocol) => protocol === name);
  if (name !== undefined && !known) throw new UnusablePreview(`--to is one of ${PROTOCOL_NAMES.join(', ')}`);
  return known;
}

function outright(
  from: ProtocolName,
  protocol: ProtocolName | undefined,
  { vendor = '', model, upstream = model }: WantedDestination,
): Destination {
  if (!isVendorName(vendor)) throw new UnusablePreview(`--vendor is one of ${vendorNames.join(', ')}`);
  if (!protocol) throw new UnusablePreview('--vendor needs --to, the protocol that it is asked in');
  return {
    ...{ vendor, protocol, model, upstreamModel: upstream, maxOutputTokens: OUTPUT_TOKENS_USUAL },
    lane: protocol === from ? 'raw' : 'ir',
  };
}

const notServed = (model: string, successor: string | undefined): string =>
  successor === undefined
    ? `the catalogue has no model ${model}; name its wire with --vendor, --to and --upstream`
    : `${model} is retired; its successor is ${successor}`;
