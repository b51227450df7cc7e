import type { VendorAnswer } from '@bytespike/protocols';

import { MEDIA_LIMITS } from '../media-limits.js';
import { isAnswered, readObject, unacceptedSubmit, unreadableSubmit, type Submitted } from '../wire/read-answer.js';
import { underWay } from '../wire/render-status.js';
import { errors } from './errors.js';
import { isTaskId } from './status-answer.js';

/** The vendor answers with an id and nothing else. */
export function submitAnswer(answer: VendorAnswer): Submitted {
  if (!isAnswered(answer)) return unacceptedSubmit(answer, errors);
  const task = readObject(answer, MEDIA_LIMITS.statusBytesMax);
  if (!task || !isTaskId(task.id)) return unreadableSubmit();
  return { type: 'accepted', upstreamId: task.id, status: underWay('queued', 'accepted') };
}
