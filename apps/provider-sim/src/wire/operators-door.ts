import type { ServerResponse } from 'node:http';
import { EXPOSITION_TYPE, exposition } from '../record/exposition.js';
import type { Desk } from './desk.js';

/** Answers what every service is asked for by those who run it; false for any other path. No vendor lives at these. */
export function answerOperators(path: string, response: ServerResponse, desk: Desk, isListening: boolean): boolean {
  if (path === '/healthz') response.end('ok\n');
  // Asked over a connection that is still open while the process leaves, it is not.
  else if (path === '/readyz') response.writeHead(isListening ? 200 : 503).end(isListening ? 'ready\n' : 'not ready\n');
  else if (path === '/metrics') response.setHeader('content-type', EXPOSITION_TYPE).end(exposition(readCounts(desk)));
  else return false;
  return true;
}

const readCounts = ({ connections, renders }: Desk) => {
  const { user, system } = process.cpuUsage();
  return {
    ...connections.snapshot(),
    openRenders: renders.summary().open,
    cpuMicroseconds: user + system,
    residentBytes: process.memoryUsage.rss(),
  };
};
