/** Why a response ended. An unknown word of a vendor becomes `other`, never a guess; the word stays in `raw`. */
export const FINISH_REASONS = [
  'stop',
  'stop-sequence',
  'length',
  'context-window',
  'tool-calls',
  'refusal',
  'pause',
  'compaction',
  'other',
] as const;
export type FinishReason = (typeof FINISH_REASONS)[number];

/** How a response ended, in our words and in its vendor's. */
export interface Finish {
  readonly reason: FinishReason;
  /** The vendor's own word. */
  readonly raw?: string;
  readonly stopSequence?: string;
  /** What the vendor tells of a refusal. */
  readonly refusal?: {
    readonly category?: string;
    readonly explanation?: string;
    /** A filter that stopped or never asked the model: its explanation is about the answer, and no words of one. */
    readonly by?: 'filter';
  };
  /** What a vendor that paused wants to be handed to go on, where it gives anything. */
  readonly continuation?: string;
}
