// The simulator alone: no bus, no database, so that a stranger can test a gateway of their own against it.
import { EnvironmentError } from '@bytespike/config';
import { startSimulator } from './start-simulator.js';

const DRAIN_LIMIT_MS = 1_000;

try {
  const simulator = await startSimulator(process.env);
  process.stdout.write(`provider-sim listens on ${simulator.address}\n`);
  process.send?.({ type: 'ready', addresses: { 'provider-sim': simulator.address } });
  // The channel to a parent that waits for us would keep the process alive, so it ends itself.
  const leave = (): void => void simulator.drain(DRAIN_LIMIT_MS).then(() => process.exit(0));
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.once(signal, leave);
} catch (error) {
  const isOperators = error instanceof EnvironmentError || (error instanceof Error && 'code' in error);
  const reason = isOperators ? error.message : String(error);
  process.stderr.write(`provider-sim cannot start: ${reason}\n`);
  process.send?.({ type: 'failed', reason });
  process.exitCode = 1;
}
