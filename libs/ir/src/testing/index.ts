export { arbitraryResponse, arbitraryStream } from './arbitrary-response.js';
