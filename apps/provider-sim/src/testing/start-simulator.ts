import type { AddressInfo } from 'node:net';
import { createSimulator } from '../wire/simulator.js';
import type { Wire } from '../wire/wire.js';

export interface RunningSimulator {
  readonly address: string;
  close(): Promise<void>;
}

/** Starts a simulator of these wires on a free port, for the specs of one wire. */
export const startSimulator = async (wires: readonly Wire[]): Promise<RunningSimulator> => {
  const server = createSimulator({ wires, record: 'all', now: Date.now });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
