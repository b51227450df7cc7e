import { addUsage, type Usage } from '@bytespike/kernel';
import type { Finish, Loss, StreamEvent } from '@bytespike/ir';

import { clientPaths } from '../losses.js';
import { openHeardAnswer } from './heard-answer.js';
import type { Way } from './way.js';
import { writeRequest } from './write-request.js';

/** The request that lets a vendor go on, and what it lost that the first one did not. */
export interface Continuation {
  readonly body: string;
  readonly losses: readonly Loss[];
}

/**
 * Makes one answer of the rounds in which its vendor gives it (protocols 2.9): one start, one finish, parts numbered
 * through, usage added up, because every round is paid for.
 */
export interface Rounds {
  /** An event of the present round as one of the answer; nothing where the answer does not end with its round. */
  take(event: StreamEvent): readonly StreamEvent[];
  /** The next request, once a round has paused; from here on events are of the round that answers it. */
  next(): Continuation | undefined;
  /** What is lost of an answer that was not carried on to its end. */
  losses(): readonly Loss[];
}

const ONE_ROUND: Rounds = { take: (event) => [event], next: () => undefined, losses: () => [] };

/** Where an answer ends although its vendor would have gone on. */
const LEFT: readonly Loss[] = [{ code: 'L66', path: 'finish', effect: 'approximated' }];

/** Clients of the vendor's own wire have a word for a pause, and go on themselves. */
export function openRounds(way: Way, roundsMax: number): Rounds {
  const { client, target } = way;
  if (!target.continuing || client.name === target.name) return ONE_ROUND;
  const { goOn, replays } = target.continuing;
  const answer = replays(way.fitted) ? openHeardAnswer() : undefined;
  let round = 1;
  let parts = 0;
  let partsBefore = 0;
  let usage: Usage | undefined;
  let usageBefore: Usage = {};
  let calls: 'calls' | 'none' = 'none';
  let paused: Continuation | undefined;
  let losses: readonly Loss[] = [];

  const continuation = (finish: Finish): Continuation | undefined => {
    const left = outputLeft(way, usage);
    if (round >= roundsMax || left < 1) return undefined;
    const asked = goOn(way.fitted, { parts: answer?.parts() ?? [], finish });
    if (!asked) return undefined;
    return told(
      writeRequest({ ...asked, limits: { ...asked.limits, maxOutputTokens: left } }, target, way.options),
      way,
    );
  };
  const end = (finish: Finish): readonly StreamEvent[] => {
    if (finish.reason !== 'pause') return [{ type: 'finish', finish }];
    paused = continuation(finish);
    if (paused) return [];
    losses = LEFT;
    return [{ type: 'finish', finish: withoutPause(finish, calls) }];
  };
  const placed = (event: Extract<StreamEvent, { readonly index: number }>): StreamEvent => {
    if (event.type === 'part-start' || event.type === 'part-whole') parts = partsBefore + event.index + 1;
    if (event.type === 'part-start' && event.part.type === 'tool-call') calls = 'calls';
    const joined = partsBefore === 0 ? event : { ...event, index: partsBefore + event.index };
    answer?.hear(joined);
    return joined;
  };

  return {
    take(event) {
      if (paused) return [];
      if ('index' in event) return [placed(event)];
      if (event.type === 'finish') return end(event.finish);
      if (event.type === 'usage') return [{ type: 'usage', usage: (usage = addUsage(usageBefore, event.usage)) }];
      if (event.type !== 'response-start') return [event];
      if (round > 1) return [];
      answer?.hear(event);
      return [event];
    },
    next() {
      const continued = paused;
      if (!continued) return undefined;
      round += 1;
      partsBefore = parts;
      usageBefore = usage ?? {};
      paused = undefined;
      return continued;
    },
    losses: () => losses,
  };
}

/** What of the output that was asked for, and held for, is left. Where a vendor does not say what it used, nothing is. */
function outputLeft({ fitted, options }: Way, usage: Usage | undefined): number {
  if (!usage) return 0;
  return (fitted.limits?.maxOutputTokens ?? options.maxOutputTokens) - (usage.output ?? 0) - (usage.reasoning ?? 0);
}

/** The end of an answer that stays unfinished. A token is for its own wire alone: to others it was a limit. */
function withoutPause({ continuation, ...finish }: Finish, calls: 'calls' | 'none'): Finish {
  if (calls === 'calls') return { ...finish, reason: 'tool-calls' };
  return continuation === undefined ? finish : { ...finish, reason: 'length' };
}

/** Paths of the turn that came back are nobody's words; the others were told with the first request. */
function told({ body, losses }: Continuation, { client, asked, fitted, written }: Way): Continuation {
  const inClientsWords = clientPaths(client, asked);
  const known = new Set(written.losses.map(({ code, path }) => `${code} ${path}`));
  const added = `turns.${fitted.turns.length}`;
  return {
    body,
    losses: losses
      .filter(({ code, path }) => !known.has(`${code} ${path}`))
      .map((loss) => ({ ...loss, path: loss.path.startsWith(added) ? 'answer' : inClientsWords(loss.path) })),
  };
}
