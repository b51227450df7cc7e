import type { ModelCard } from '@bytespike/contracts';
import { PROTOCOL_NAMES, type ProtocolName } from '@bytespike/kernel';

const TEXT: Readonly<Record<ProtocolName, string>> = {
  'anthropic-messages': '/v1/messages',
  'openai-responses': '/v1/responses',
  'openai-chat': '/v1/chat/completions',
  'gemini-generate': '/v1beta/models/{model}:generateContent',
};
const PICTURES = '/v1/images/generations';
const CHANGED_PICTURES = '/v1/images/edits';
const TASKS = '/v1/tasks/submit';
const FILMS = '/v1/videos/generations';

/** Where a model is asked, as the paths are documented; the surest way first. */
export function endpointsOf({ protocols, surfaces, capabilities }: ModelCard): readonly string[] {
  const text = PROTOCOL_NAMES.filter((protocol) => (protocols[protocol] ?? 'none') !== 'none');
  return [
    ...text.map((protocol) => TEXT[protocol]),
    ...(surfaces.includes('images') ? [PICTURES] : []),
    ...(surfaces.includes('images') && capabilities.includes('image_edit') ? [CHANGED_PICTURES] : []),
    ...(surfaces.includes('tasks') ? [TASKS] : []),
    ...(surfaces.includes('tasks') && capabilities.includes('video_generate') ? [FILMS] : []),
  ];
}
