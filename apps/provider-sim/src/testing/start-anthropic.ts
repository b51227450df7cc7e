import { Anthropic } from '@anthropic-ai/sdk';
import { anthropic } from '../anthropic/anthropic.js';
import type { RunningSimulator } from './start-simulator.js';
import { startSimulator } from './start-simulator.js';

/** A simulator of Anthropic's wire, and the official client in front of it, which asks once. */
export const startAnthropic = async (): Promise<{ simulator: RunningSimulator; client: Anthropic }> => {
  const simulator = await startSimulator([anthropic]);
  const client = new Anthropic({ apiKey: 'sim-key', baseURL: `${simulator.address}/anthropic`, maxRetries: 0 });
  return { simulator, client };
};
