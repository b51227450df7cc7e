import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Node tells of every request that a server of this process receives, before anybody serves it. */
const REQUEST_START = 'http.server.request.start';

/** The server of this process that receives the next request. */
export function nextServer(): Promise<Server> {
  return new Promise((resolve) => {
    const onStart = (message: unknown): void => {
      unsubscribe(REQUEST_START, onStart);
      resolve((message as { server: Server }).server);
    };
    subscribe(REQUEST_START, onStart);
  });
}

/** Resolves when the gateway has noticed that the client of the next request is gone. */
export function nextConnectionLost(): Promise<void> {
  return new Promise((resolve) => {
    const onStart = (message: unknown): void => {
      unsubscribe(REQUEST_START, onStart);
      (message as { response: ServerResponse }).response.once('close', () => resolve());
    };
    subscribe(REQUEST_START, onStart);
  });
}

/** Resolves when the connection of the next request has been closed, by whichever side. */
export function nextConnectionClosed(): Promise<void> {
  return new Promise((resolve) => {
    const onStart = (message: unknown): void => {
      unsubscribe(REQUEST_START, onStart);
      (message as { request: IncomingMessage }).request.socket.once('close', () => resolve());
    };
    subscribe(REQUEST_START, onStart);
  });
}

/** Resolves when so many more requests have reached a server of this process. */
export function requestsArrived(count: number): Promise<void> {
  let left = count;
  return new Promise((resolve) => {
    const onStart = (): void => {
      left -= 1;
      if (left > 0) return;
      unsubscribe(REQUEST_START, onStart);
      resolve();
    };
    subscribe(REQUEST_START, onStart);
  });
}
