import { MEDIA_LIMITS } from '../media-limits.js';
import { answerWithId } from '../wire/answer-with-id.js';
import { errors } from './errors.js';
import { isOperationName, readOperation } from './status-answer.js';

export const submitAnswer = answerWithId({
  errors,
  answerBytesMax: MEDIA_LIMITS.statusBytesMax,
  idOf: ({ name }) => name,
  isId: isOperationName,
  read: readOperation,
});
