export { arkErrors as errors } from '../wire/ark-errors.js';
