import { film, pictures } from './testing/asked.js';
import { unsentOfImage, unsentOfVideo } from './unsent-fields.js';

const FRAME = 'https://customer.example/frame.png';

describe('what has no place on the wire of a target', () => {
  it.each([
    { vendor: 'openai', model: 'sora-2', params: { seed: 5, image_init: FRAME }, unsent: ['seed'] },
    { vendor: 'openai', model: 'sora-2', params: {}, unsent: [] },
    { vendor: 'google', model: 'veo-3.1-fast', params: { audio: false, source_image: FRAME }, unsent: ['audio'] },
    {
      vendor: 'google',
      model: 'veo-3.1',
      params: { seed: 5, negative_prompt: 'fog', last_frame: FRAME, image: FRAME },
      unsent: [],
    },
    { vendor: 'bytedance', model: 'seedance-2.0', params: { seed: -1, audio: false }, unsent: [] },
    { vendor: 'nobody', model: 'sora-2', params: { seed: 5 }, unsent: [] },
  ])('of $vendor, for $model with $params', ({ vendor, model, params, unsent }) => {
    expect(unsentOfVideo(film(model, params), { vendor, upstreamModel: model })).toEqual(unsent);
  });

  it.each([
    { vendor: 'openai', model: 'gpt-image-2', params: { n: 4, style: 'vivid', image: FRAME, mask: FRAME }, unsent: [] },
    { vendor: 'openai', model: 'gpt-image-2', params: { moderation: 'low' }, unsent: [] },
    {
      vendor: 'openai',
      model: 'gpt-image-2',
      params: { moderation: 'low', input_fidelity: 'high', image: FRAME },
      unsent: ['moderation', 'inputFidelity'],
    },
    {
      vendor: 'google',
      model: 'nano-banana-v2',
      params: { moderation: 'low', input_fidelity: 'high', image: FRAME },
      unsent: ['moderation', 'inputFidelity'],
    },
    { vendor: 'google', model: 'nano-banana-v2', params: { n: 2, seed: 5, image: FRAME }, unsent: [] },
    { vendor: 'bytedance', model: 'nano-banana-v2', params: { quality: 'hd' }, unsent: ['quality', 'format'] },
  ])('of $vendor, for pictures of $model with $params', ({ vendor, model, params, unsent }) => {
    expect(unsentOfImage(pictures(model, params), { vendor, upstreamModel: model })).toEqual(unsent);
  });
});
