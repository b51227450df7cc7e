import type { CallContext, HandlersFor, generation, Outcome } from '@bytespike/contracts';

type Run = HandlersFor<typeof generation>['run'];
export type GenerationCall = Parameters<Run>[0];

/** What the adapter is to do: send these pieces, then end so. A function is called where the piece would be sent. */
export interface Script {
  readonly pieces: readonly (string | (() => Promise<void>))[];
  readonly outcome?: Partial<Outcome>;
  /** What the next call is answered; the same again without it. */
  readonly then?: Script;
}

export interface ScriptedVendor {
  readonly handlers: HandlersFor<typeof generation>;
  readonly calls: GenerationCall[];
  readonly contexts: CallContext[];
}

const encoder = new TextEncoder();

const complete: Outcome = {
  ending: 'complete',
  usageSource: 'vendor',
  usage: { input: 7, output: 3 },
  contentStarted: true,
  deliveredOutput: 3,
  attempts: [
    {
      ...{ channelId: 'deepseek-main', vendor: 'deepseek', model: 'deepseek-v4-pro', upstreamModel: 'v4' },
      ...{ priceVersion: 'deepseek-v4-pro@1', status: 200, startedAt: 1, durationMs: 2 },
    },
  ],
};

/** Stands where upstream-adapters stand: it answers as it is told and keeps what it was asked. */
export function scriptVendor(script: Script): ScriptedVendor {
  let next = script;
  const calls: GenerationCall[] = [];
  const contexts: CallContext[] = [];
  return {
    calls,
    contexts,
    handlers: {
      run: async (request, sink, context) => {
        const { pieces, outcome, then = next } = next;
        next = then;
        calls.push(request);
        contexts.push(context);
        if (pieces.length > 0)
          await sink.head({
            status: 200,
            contentType: 'x',
            headers: { 'x-vendor': '1' },
            servedBy: 'deepseek-v4-pro',
            warnings: [],
          });
        for (const piece of pieces) {
          if (context.signal.aborted) return { ...complete, ending: 'cancelled' };
          if (typeof piece === 'string') await sink.data(encoder.encode(piece));
          else await piece();
        }
        return { ...complete, ...outcome };
      },
    },
  };
}
