export { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.js';
export type { HttpRequest, HttpTimeouts, ResponseHead, ResponseReceiver } from './http-request.js';
