import { ChannelFileError } from './channel-file.js';
import type { ChannelFileMediaModel, ChannelFileModel, FileChannel, FileMediaChannel } from './channel-file.js';
import { agreeing, capabilitiesOf } from './file-facts.js';
import { filePiecePrice, filePrice } from './file-prices.js';
import type { FilePrice } from './file-prices.js';
import type { Model } from './schema.js';

/** What a channel file says of one model. */
export interface ModelDefinition {
  readonly id: string;
  /** The model as the catalogue is to have it, from the one that it has. Throws for a new one without a price, and for other facts. */
  readonly become: (existing: Model | undefined) => Model;
  readonly price: FilePrice | undefined;
  /** Absent: the groups that hold every model. */
  readonly groups: readonly string[] | undefined;
}

/** A text model of a file. */
export const textDefinition = (channel: FileChannel, given: ChannelFileModel, isoDate: string): ModelDefinition => ({
  id: given.id,
  become: (existing) =>
    existing ? speaking(agreeing(existing, given), channel.protocol) : newTextModel(channel, priced(given), isoDate),
  price: given.price && filePrice(given.price),
  groups: given.groups,
});

/** A model of a file that makes pictures or films; which, its price says. */
export const mediaDefinition = (
  channel: FileMediaChannel,
  given: ChannelFileMediaModel,
  isoDate: string,
): ModelDefinition => ({
  id: given.id,
  become: (existing) => (existing ? agreeing(existing, given) : newMediaModel(channel, priced(given), isoDate)),
  price: given.price && filePiecePrice(given.price),
  groups: given.groups,
});

type Priced<Given extends { readonly price?: unknown }> = Given & { readonly price: NonNullable<Given['price']> };

function priced<Given extends { readonly id: string; readonly price?: unknown }>(given: Given): Priced<Given> {
  if (!isPriced(given)) throw new ChannelFileError(`model ${given.id} is not in the catalogue and has no price`);
  return given;
}

const isPriced = <Given extends { readonly price?: unknown }>(given: Given): given is Priced<Given> =>
  given.price !== undefined;

/** A channel in a protocol makes the model native there; a vendor's look-alike wire counts as native too. */
const speaking = (model: Model, protocol: FileChannel['protocol']): Model =>
  model.cells[protocol] === 'native' ? model : { ...model, cells: { ...model.cells, [protocol]: 'native' } };

function newTextModel(channel: FileChannel, given: ChannelFileModel, isoDate: string): Model {
  const capabilities = capabilitiesOf('text', given.capabilities);
  return {
    ...named(channel, given, isoDate),
    kind: 'text',
    capabilities,
    contextWindow: given.context_window ?? 128_000,
    maxOutputTokens: given.max_output_tokens ?? 16_384,
    inputModalities: capabilities.includes('vision') ? ['text', 'image'] : ['text'],
    outputModalities: ['text'],
    // Gemini's protocol serves Gemini's family unless a group opens more (contract C10).
    cells: {
      'anthropic-messages': 'translated',
      'openai-responses': 'translated',
      'openai-chat': 'translated',
      [channel.protocol]: 'native',
    },
  };
}

function newMediaModel(channel: FileMediaChannel, given: Priced<ChannelFileMediaModel>, isoDate: string): Model {
  const kind = 'per_image' in given.price ? 'image' : 'video';
  return {
    ...named(channel, given, isoDate),
    kind,
    capabilities: capabilitiesOf(kind, given.capabilities),
    contextWindow: 0,
    maxOutputTokens: 0,
    inputModalities: ['text', 'image'],
    outputModalities: [kind],
    cells: {},
  };
}

const named = (
  { vendor }: Pick<FileChannel, 'vendor'>,
  { id, display_name: displayName = id }: Pick<ChannelFileModel, 'id' | 'display_name'>,
  isoDate: string,
): Pick<Model, 'id' | 'displayName' | 'family' | 'maker' | 'agent' | 'created'> => ({
  id,
  displayName,
  family: 'other',
  maker: vendor,
  agent: 'none',
  created: Date.parse(`${isoDate}T00:00:00Z`) / 1000,
});
