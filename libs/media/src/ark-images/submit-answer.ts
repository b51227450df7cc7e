import type { VendorAnswer } from '@bytespike/protocols';

import { MEDIA_LIMITS } from '../media-limits.js';
import { garbled, isAnswered, readObject, type Submitted } from '../wire/read-answer.js';
import { errors } from './errors.js';
import { readPictures } from './status-answer.js';

/** What is not answered with pictures has made none for us: a refusal, whatever it may have cost the vendor. */
export function submitAnswer(answer: VendorAnswer): Submitted {
  if (!isAnswered(answer)) return { type: 'refused', failure: errors.ofAnswer(answer) };
  const body = readObject(answer, MEDIA_LIMITS.picturesBytesMax);
  if (!body) return { type: 'refused', failure: garbled('the vendor answered what nobody can read') };
  return { type: 'finished', status: readPictures(body) };
}
