import { foldStream, unfoldResponse, type Loss, type StreamEvent } from '@bytespike/ir';

import { writeExact } from '../exact-json.js';
import { readAnswerBody } from './read-body.js';
import type { Memory } from './reasoning/remembered-reasoning.js';
import { openRounds, type Continuation } from './rounds.js';
import type { Way } from './way.js';
import { openWayBack } from './way-back.js';

/** A whole answer in the client's dialect. */
export interface TranslatedAnswer {
  readonly body: string;
  readonly losses: readonly Loss[];
  /** To be kept before the client sees the answer. */
  readonly memories: readonly Memory[];
}

/** A whole answer that its vendor may give in several rounds. */
export interface TranslatedWhole {
  /** Takes a vendor's body. Nothing is told of an answer that has only paused. Throws `upstream-garbled`. */
  push(body: string): TranslatedAnswer | undefined;
  /** The request for the next round, where there is one. */
  next(): Continuation | undefined;
}

export function translateWhole(way: Way, roundsMax: number): TranslatedWhole {
  const { target, client, asked, options } = way;
  const rounds = openRounds(way, roundsMax);
  const back = openWayBack(way);
  const events: StreamEvent[] = [];
  return {
    push(body) {
      const ir = target.readAnswer(readAnswerBody(body), options);
      for (const event of unfoldResponse(ir)) events.push(...rounds.take(event));
      if (events.at(-1)?.type !== 'response-end') return undefined;
      const { wire, losses } = client.writeAnswer(foldStream(events.flatMap(back.toClient)), asked);
      return {
        body: writeExact(wire),
        losses: [...losses, ...rounds.losses(), ...back.losses()],
        memories: back.memories(),
      };
    },
    next: rounds.next,
  };
}
