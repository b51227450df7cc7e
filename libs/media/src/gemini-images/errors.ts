import { mediaErrors } from '../wire/media-errors.js';

export const errors = mediaErrors('gemini-generate', {});
