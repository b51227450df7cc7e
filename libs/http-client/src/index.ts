export { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.js';
export type {
  AbortableRequest,
  Exchange,
  HttpRequest,
  HttpTimeouts,
  ResponseHead,
  ResponseReceiver,
} from './http-request.js';
