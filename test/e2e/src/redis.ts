import { createConnection } from 'node:net';

import { platform } from './platform.js';

/** One command on a connection of its own; the reply ends when Redis has said goodbye. */
export function redis(command: string): Promise<string> {
  const { hostname, port } = new URL(platform.urls.redis);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('error', reject);
    socket.once('close', () => {
      const reply = Buffer.concat(chunks).toString('utf8');
      if (reply.startsWith('-')) reject(new Error(reply));
      else resolve(reply.replace(/\+OK\r\n$/, ''));
    });
    socket.write(`${command}\r\nQUIT\r\n`);
  });
}
