import { splitModel } from '../faults/fault-marks.js';
import type { Message } from '../gemini/proto.js';
import { isObject, readMessage } from '../gemini/proto.js';
import type { Json } from '../gemini/proto.js';
import { refuse } from '../gemini/refuse.js';
import type { Subject } from '../wire/subject.js';
import type { Call } from '../wire/wire.js';
import { withSubject } from '../wire/with-subject.js';

/** A film as Veo is asked for it. */
export interface FilmRequest {
  readonly subject: Subject;
  readonly seconds: number;
  readonly aspectRatio: string;
  readonly resolution: string;
  readonly samples: number;
}

/** The predict calls of Google take any value; what is in it is for the model to judge. */
const PREDICT_REQUEST: Message = { instances: { list: 'any' }, parameters: 'any', webhookConfig: 'any' };
const MODEL = /^veo-(2\.0|3\.0|3\.1)(-fast|-lite)?-generate-(preview|00\d)$/;

const RATIOS = ['16:9', '9:16'];
const RESOLUTIONS = ['720p', '1080p', '4k'];
const SECONDS = [4, 6, 8];
const SECONDS_OF_LARGE = 8;
const SAMPLES_MAX = 4;
const PEOPLE = ['allow_all', 'allow_adult', 'dont_allow'];
const PICTURES = ['image', 'lastFrame'];

/** Reads and checks `:predictLongRunning`. */
export const readFilmRequest = (call: Call): FilmRequest => {
  const model = call.params['model'] ?? '';
  const named = splitModel(model).name;
  const body = withSubject({ model, prompt: '' }, () => {
    if (!MODEL.test(named) && !named.includes('sim'))
      refuse(
        `models/${named} is not found for API version v1beta, or is not supported for predictLongRunning. Call ListModels to see the list of available models and their supported methods.`,
        404,
      );
    return readMessage(call.json(), PREDICT_REQUEST);
  });
  const instances = Array.isArray(body['instances']) ? body['instances'].filter(isObject) : [];
  const instance = instances[0] ?? {};
  const prompt = typeof instance['prompt'] === 'string' ? instance['prompt'] : '';
  return withSubject({ model, prompt }, () => {
    if (instances.length !== 1) refuse('Exactly one instance is expected.');
    checkInstance(instance);
    const parameters = isObject(body['parameters']) ? body['parameters'] : {};
    return { subject: { model, prompt }, ...settingsOf(parameters) };
  });
};

const checkInstance = (instance: Json): void => {
  if (typeof instance['prompt'] !== 'string' && !isObject(instance['image'])) refuse('Prompt or image is required.');
  for (const name of PICTURES) if (instance[name] !== undefined) checkPicture(instance[name]);
  const references = instance['referenceImages'];
  for (const reference of Array.isArray(references) ? references : [])
    checkPicture(isObject(reference) ? reference['image'] : undefined);
};

const checkPicture = (picture: unknown): void => {
  if (!isObject(picture)) return refuse('`image` must be an object.');
  // The guide writes it so; the endpoint wants what the official SDK sends.
  if (picture['inlineData'] !== undefined) refuse("`inlineData` isn't supported by this model.");
  if (typeof picture['bytesBase64Encoded'] !== 'string' || typeof picture['mimeType'] !== 'string')
    refuse('Input instance with `image` should contain both `bytesBase64Encoded` and `mimeType` in the image object.');
};

const settingsOf = (parameters: Json): Omit<FilmRequest, 'subject'> => {
  const { aspectRatio = '16:9', resolution = '720p', durationSeconds = SECONDS_OF_LARGE } = parameters;
  const samples = parameters['sampleCount'] ?? parameters['numberOfVideos'] ?? 1;
  if (!RATIOS.includes(String(aspectRatio))) refuse(`\`aspectRatio\` of "${String(aspectRatio)}" is not supported.`);
  if (!RESOLUTIONS.includes(String(resolution))) refuse(`\`resolution\` of "${String(resolution)}" is not supported.`);
  if (typeof durationSeconds !== 'number') return refuse('The value type for `durationSeconds` needs to be a number.');
  if (!SECONDS.includes(durationSeconds))
    refuse(`The number value for \`durationSeconds\` is out of bound. Please provide one of ${SECONDS.join(', ')}.`);
  if (resolution !== '720p' && durationSeconds !== SECONDS_OF_LARGE)
    refuse(`\`resolution\` of "${String(resolution)}" needs a duration of ${SECONDS_OF_LARGE} seconds.`);
  if (typeof samples !== 'number' || samples < 1 || samples > SAMPLES_MAX)
    return refuse(`\`sampleCount\` must be between 1 and ${SAMPLES_MAX}.`);
  const people = parameters['personGeneration'];
  if (people !== undefined && !PEOPLE.includes(String(people)))
    refuse(`${String(people)} for personGeneration is currently not supported.`);
  return {
    seconds: durationSeconds,
    aspectRatio: String(aspectRatio),
    resolution: String(resolution),
    samples,
  };
};
