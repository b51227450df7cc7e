import type {
  Attempt,
  Failure,
  KeptAsset,
  MediaAsked,
  MediaKind,
  MediaTarget,
  RenderReport,
} from '@bytespike/contracts';
import type { NanoUsd } from '@bytespike/kernel';

import { END_STATES, type EndState, type Outcome } from './outcome.js';

/**
 * - `admitting`: it has a row; whether it has money is being asked;
 * - `pending`: nothing has been sent, or nothing that was sent was taken;
 * - `submitting`: written before its vendor is called, so that a crash is seen and the call is never repeated blindly;
 * - `running`: its vendor has it, or has made it and we copy;
 * - `settling`: how it ends is decided; it is told to the ledger until the ledger has it;
 * - `needs_review`: its vendor's verdict cannot be had; its users see it running.
 */
export type OpenState = 'admitting' | 'pending' | 'submitting' | 'running' | 'settling' | 'needs_review';
export type State = OpenState | EndState;

/** What users are shown of what they asked, also when the rest has been forgotten. */
export interface Shown {
  readonly seconds?: number;
  readonly images?: number;
  readonly resolution?: string;
  readonly aspectRatio?: string;
}

export interface Progress {
  readonly percent?: number;
  readonly stage?: string;
}

/** What is said once, when a task is taken. */
export interface Taken {
  readonly id: string;
  readonly accountId: string;
  readonly keyId: string;
  readonly keyHint: string;
  readonly organisationId: string | undefined;
  readonly memberId: string | undefined;
  readonly outTaskId: string | undefined;
  readonly inputHash: string;
  readonly model: string;
  readonly alias: string | undefined;
  readonly kind: MediaKind;
  /** Holds the prompt; gone once the task has ended. */
  readonly asked: MediaAsked | undefined;
  readonly shown: Shown;
  readonly mark: number;
  readonly estimatedSeconds: number;
  readonly callbackUrl: string | undefined;
  readonly traceparent: string | undefined;
  /** Epoch milliseconds, as every moment here. */
  readonly createdAt: number;
}

/** What changes, always as a whole: whoever holds the lease writes all of it. */
export interface Standing {
  readonly state: State;
  /** Best first; the first is being tried, or has answered. */
  readonly targets: readonly MediaTarget[];
  readonly credentialId: string | undefined;
  readonly upstreamId: string | undefined;
  readonly sentAt: number | undefined;
  readonly arrivedBy: number | undefined;
  readonly submittedAt: number | undefined;
  readonly attempts: readonly Attempt[];
  readonly progress: Progress | undefined;
  /** The vendor's verdict. */
  readonly report: RenderReport | undefined;
  /** What has been copied, in the places of the report's assets; null where nothing has, or can be. */
  readonly assets: readonly (KeptAsset | null)[];
  readonly outcome: Outcome | undefined;
  readonly failure: Pick<Failure, 'kind' | 'message'> | undefined;
  readonly estimatedCost: NanoUsd;
  readonly cost: NanoUsd | undefined;
  readonly reviewReason: string | undefined;
  readonly nextActionAt: number | undefined;
  /** How often the present state has been looked at. */
  readonly polls: number;
  /** By when the present state must be over. */
  readonly deadlineAt: number | undefined;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

/** One asynchronous render: a row of `tasks.task`. */
export interface Task extends Taken, Standing {
  /** Grows with every change that a user can see. */
  readonly version: number;
  readonly cancelRequestedAt: number | undefined;
  /** Whoever holds an older number has lost the task to another worker. */
  readonly fence: number;
}

/** What a step makes of a task. */
export type Change = Partial<Standing>;

export const isEnded = ({ state }: Pick<Task, 'state'>): boolean => (END_STATES as readonly State[]).includes(state);
