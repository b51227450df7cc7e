import { simulator } from '../platform.js';

/** What a simulated vendor was asked to draw or film. */
export interface Render {
  readonly id: string;
  readonly wire: string;
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
  readonly state: 'queued' | 'running' | 'ended' | 'cancelled';
  readonly polls: number;
  readonly fetches: number;
  /** How often these very words were taken, under whatever key: more than once is a film that is paid for twice. */
  readonly timesTaken: number;
}

/** Orders that a vendor has taken and whose words hold a text. */
export async function rendersContaining(text: string): Promise<readonly Render[]> {
  const response = await fetch(`${simulator}/_sim/renders?containing=${encodeURIComponent(text)}&limit=20000`);
  return ((await response.json()) as { renders: Render[] }).renders;
}
