import type { VendorAnswer } from '@bytespike/protocols';

import { MEDIA_LIMITS } from '../media-limits.js';
import { isAnswered, readObject, unacceptedSubmit, unreadableSubmit, type Submitted } from '../wire/read-answer.js';
import { errors } from './errors.js';
import { isOperationName, readOperation } from './status-answer.js';

export function submitAnswer(answer: VendorAnswer): Submitted {
  if (!isAnswered(answer)) return unacceptedSubmit(answer, errors);
  const operation = readObject(answer, MEDIA_LIMITS.statusBytesMax);
  if (!operation || !isOperationName(operation.name)) return unreadableSubmit();
  return { type: 'accepted', upstreamId: operation.name, status: readOperation(operation) };
}
