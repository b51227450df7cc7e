import { answerAtOnce } from '../wire/answer-at-once.js';
import { errors } from './errors.js';
import { readPictures } from './status-answer.js';

export const submitAnswer = answerAtOnce(errors, readPictures);
