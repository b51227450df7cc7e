import type { PicturesSought, StoredAsset } from '@bytespike/assets';
import type { billing, ClientFor, media, statement, TaskView, UsageFact } from '@bytespike/contracts';
import type { Logger } from '@bytespike/telemetry';

import type { Moment } from '../domain/moment.js';
import type { Alarm } from '../queues/alarm.js';
import type { TaskStore } from '../store/task-store.js';

/** What working on a task needs of the world. */
export interface WorkPorts {
  readonly store: TaskStore;
  readonly vendors: Pick<ClientFor<typeof media>, 'submit' | 'ask' | 'askMany' | 'lookUp' | 'cancel' | 'fetch'>;
  readonly ledger: {
    /** Resolves when the bus has stored it. */
    readonly state: (fact: UsageFact) => Promise<void>;
    readonly unended: ClientFor<typeof billing>['unended'];
    readonly readReceipt: ClientFor<typeof statement>['readReceipt'];
  };
  readonly alarm: Pick<Alarm, 'wake'>;
  /** Tells whoever listens to a task. Never waits, never throws: they ask again now and then. */
  readonly announce: (view: TaskView) => void;
  /** Removes files that nobody needs any more. Never waits, never throws: retention removes what is left. */
  readonly forget: (assetNames: readonly string[]) => void;
  /** Pictures of a work that lie in the store; undefined unless all of them do. Errors: `unavailable`. */
  readonly findPictures: (sought: PicturesSought) => Promise<readonly StoredAsset[] | undefined>;
  /** A message about a task's end has been written. */
  readonly onDelivery: (taskId: string) => void;
  readonly moment: () => Moment;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Aborted when this process takes leave: what can be begun again is broken off. */
  readonly leaving: AbortSignal;
}
