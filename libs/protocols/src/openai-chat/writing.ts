import type { ChatCompatibility } from '../compatibility/chat.js';
import type { LossList } from '../losses.js';

/** What the turns of a conversation are written for. */
export interface Writing {
  readonly vendor: string;
  readonly to: ChatCompatibility;
  /** Whether the model will think, as far as the request and the vendor's default say. */
  readonly thinking: 'on' | 'off';
  readonly losses: LossList;
}
