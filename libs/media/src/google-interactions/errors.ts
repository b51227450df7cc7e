export { googleErrors as errors } from '../wire/google-errors.js';
