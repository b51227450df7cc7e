import { ChannelFileError } from './channel-file.js';
import type { ChannelFileMediaModel, ChannelFileModel } from './channel-file.js';
import type { Model } from './schema.js';

type Capability = Model['capabilities'][number];

/** What a channel file may tell of a model that is new. */
type Facts = Pick<ChannelFileMediaModel, 'display_name' | 'capabilities'> &
  Pick<ChannelFileModel, 'context_window' | 'max_output_tokens'>;

/** What every model of a kind can do, told or not. */
const IMPLIED: Readonly<Record<Model['kind'], readonly Capability[]>> = {
  text: ['text', 'streaming'],
  image: ['image_generate'],
  video: ['video_generate'],
};

/** All that a model can do, from what a file tells of it. */
export const capabilitiesOf = (kind: Model['kind'], told: readonly Capability[] = []): Capability[] => [
  ...new Set([...IMPLIED[kind], ...told]),
];

/**
 * A model that is there, of which the file says nothing else: what it can do is known once, and another word about it would be
 * ignored. The same may be said, as by a file with two channels for one new model.
 */
export function agreeing(model: Model, told: Facts): Model {
  const [name] = Object.entries(disagreements(model, told)).find(([, disagrees]) => disagrees) ?? [];
  if (name !== undefined)
    throw new ChannelFileError(`model ${model.id} is in the catalogue with its own ${name}: leave ${name} out`);
  return model;
}

const disagreements = (model: Model, told: Facts): Readonly<Record<keyof Facts, boolean>> => ({
  display_name: differs(told.display_name, model.displayName),
  capabilities: told.capabilities !== undefined && !areSame(capabilitiesOf(model.kind, told.capabilities), model),
  context_window: differs(told.context_window, model.contextWindow),
  max_output_tokens: differs(told.max_output_tokens, model.maxOutputTokens),
});

const differs = <Value>(told: Value | undefined, known: Value): boolean => told !== undefined && told !== known;

const areSame = (told: readonly Capability[], { capabilities }: Model): boolean =>
  told.length === capabilities.length && told.every((one) => capabilities.includes(one));
