import type { VendorAnswer } from '@bytespike/protocols';

import { MEDIA_LIMITS } from '../media-limits.js';
import { isAnswered, readObject, unacceptedSubmit, unreadableSubmit, type Submitted } from '../wire/read-answer.js';
import { errors } from './errors.js';
import { isInteractionId, readInteraction } from './status-answer.js';

export function submitAnswer(answer: VendorAnswer): Submitted {
  if (!isAnswered(answer)) return unacceptedSubmit(answer, errors);
  const interaction = readObject(answer, MEDIA_LIMITS.inlineStatusBytesMax);
  if (!interaction || !isInteractionId(interaction.id)) return unreadableSubmit();
  return { type: 'accepted', upstreamId: interaction.id, status: readInteraction(interaction) };
}
