import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can cut, or on which the server seems to fall silent. */
export interface BreakableLink {
  readonly url: string;
  /** `silent` passes nothing on any more; `cut` ends what is open and refuses what comes. */
  become(state: 'open' | 'silent' | 'cut'): void;
  close(): Promise<void>;
}

export async function breakableLink(target: string): Promise<BreakableLink> {
  const { hostname, port, protocol } = new URL(target);
  const sockets = new Set<Socket>();
  let state: 'open' | 'silent' | 'cut' = 'open';
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // A cut link is an error on both of its ends, and the test's own doing.
    return socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  };
  const pass = (from: Socket, to: Socket): void => {
    from.on('data', (bytes: Buffer) => {
      if (state === 'open') to.write(bytes);
    });
    from.on('close', () => to.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (state === 'cut') return near.destroy();
    const far = keep(connect(Number(port), hostname));
    pass(near, far);
    pass(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as { port: number };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `${protocol}//127.0.0.1:${own}`,
    become: (next) => {
      state = next;
      if (next === 'cut') cut();
    },
    close: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
