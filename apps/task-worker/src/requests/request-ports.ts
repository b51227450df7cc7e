import type { billing, ClientFor } from '@bytespike/contracts';

import type { WorkPorts } from '../steps/ports.js';

/** What answering about tasks needs beside what working on them does. */
export interface RequestPorts extends WorkPorts {
  readonly hold: ClientFor<typeof billing>['hold'];
  readonly newMark: () => number;
  readonly newTaskId: () => string;
  /** W3C context of the running request. */
  readonly traceparent: () => string | undefined;
  readonly estimates: {
    readonly expect: (
      model: string,
      shown: { readonly seconds?: number; readonly images?: number },
      told: number,
    ) => Promise<number>;
  };
  readonly openTasks: { readonly assertRoom: (accountId: string) => Promise<void> };
}
