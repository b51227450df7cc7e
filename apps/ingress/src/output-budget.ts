import type { billing, CallContext, ClientFor, Hold, HoldRequest } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import { metrics } from '@bytespike/telemetry';

import { wantedOutput } from './domain/hold-request.js';
import type { Timings } from './http/timings.js';

export interface Budgeted {
  readonly request: HoldRequest;
  readonly hold: Pick<Hold, 'maxOutputTokens'>;
  readonly context: CallContext;
}

export interface BudgetPorts {
  readonly billing: Pick<ClientFor<typeof billing>, 'extend'>;
  readonly timings: Pick<Timings, 'extendMs'>;
}

/** What is held for the output of a request, as it grows. */
export interface Budget {
  /** Output that is paid for; without limit once all that was asked for is. */
  held(): number;
  /** Told how much has been said: where little is left, more is asked for, and nobody waits. */
  hear(said: number): void;
  /** Waits until more is held than that, which may be so already, or answers why not. */
  growBeyond(before: number): Promise<GatewayError | undefined>;
}

/** Contract 0.5: more is asked for when this much of what is held has been delivered. */
const ASK_AT_PERCENT = 80;

/** A ledger that is away is asked so often by an answer that stands still for it. */
const ASK_AGAIN_MS = 250;

/** The hold of a stream that started short, raised by asking the ledger (ADR 0018). */
export function openBudget({ request, hold, context }: Budgeted, { billing, timings }: BudgetPorts): Budget {
  const wanted = wantedOutput(request);
  let held = hold.maxOutputTokens;
  let asking: Promise<GatewayError | undefined> | undefined;
  /** Of what is held now. */
  let isAskedFor = false;

  const extend = async (): Promise<GatewayError | undefined> => {
    const before = held;
    try {
      const { maxOutputTokens } = await billing.extend(request, context);
      held = Math.max(held, maxOutputTokens);
      isAskedFor = held === before;
      metrics.holdExtensions.inc({ result: 'extended' });
      return isAskedFor ? new GatewayError('internal', 'the ledger has extended a hold by nothing') : undefined;
    } catch (thrown) {
      const error = GatewayError.from(thrown);
      metrics.holdExtensions.inc({ result: error.kind });
      return error;
    } finally {
      asking = undefined;
    }
  };
  const ask = (): Promise<GatewayError | undefined> => {
    isAskedFor = true;
    return (asking ??= extend());
  };

  return {
    held: () => (held < wanted ? held : Number.POSITIVE_INFINITY),
    hear: (said) => {
      if (!isAskedFor && held < wanted && said * 100 >= held * ASK_AT_PERCENT) void ask();
    },
    growBeyond: async (before) => {
      await asking;
      // It may have grown while what was paid for was on its way, and there is nothing to be had twice.
      if (held > before) return undefined;
      const until = Math.min(Date.now() + timings.extendMs, context.deadline);
      for (;;) {
        // A refusal at four fifths is not the last word: money may have come since.
        const refused = await ask();
        if (!refused || !isPassing(refused) || Date.now() >= until) return refused;
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      }
    },
  };
}

/** A ledger that could not be asked has refused nothing, and one that is replaced is back before long. */
const isPassing = ({ kind }: GatewayError): boolean => kind === 'unavailable';
