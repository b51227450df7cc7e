import { tryParseJson } from '@bytespike/kernel';
import { foldStream, unfoldResponse, type GenerateRequest, type Loss, type StreamEvent } from '@bytespike/ir';

import { PROTOCOL_OWNERS } from '../owners.js';
import { clientCallIds } from './call-ids.js';
import type { ExchangeOptions } from './exchange-options.js';
import { openGiving } from './give-reasoning.js';
import { leaveOutClosingState } from './closing-state.js';
import type { Reader } from './reader.js';
import { openRecollection, type Memory } from './remembered-reasoning.js';
import { openRounds, type Continuation } from './rounds.js';
import type { FittedTools } from './tool-forms.js';
import type { Translatable } from './translatable.js';
import type { WrittenRequest } from './write-request.js';

/** What the way back needs to know of the way there. */
export interface Way {
  readonly client: Translatable;
  readonly target: Translatable;
  readonly asked: GenerateRequest;
  readonly tools: FittedTools;
  /** What was asked as the vendor is asked it: its own names of tools, its own ids. */
  readonly fitted: GenerateRequest;
  readonly written: WrittenRequest;
  readonly reader: Reader;
  /** Whether the reasoning of this answer is kept for the next turn. */
  readonly remembers: 'yes' | 'no';
  readonly options: ExchangeOptions;
}

export interface TranslatedAnswer {
  readonly body: string;
  readonly losses: readonly Loss[];
  /** To be kept before the client sees the answer. */
  readonly memories: readonly Memory[];
}

/** One answer on its way to the client. */
export interface WayBack {
  /** An event as its client may see it: its own tools, ids it accepts, no foreign state in the open. */
  toClient(event: StreamEvent): readonly StreamEvent[];
  memories(): readonly Memory[];
  /** What the whole answer had that its client was not given. */
  losses(): readonly Loss[];
}

export function openWayBack({ client, asked, tools, options, reader, remembers }: Way): WayBack {
  const { vendor, signer, model, createdAt } = options;
  const withIds = clientCallIds(asked, client.names.call);
  const restored = tools.restore();
  const recollection = openRecollection(reader);
  const own = options.target === client.name;
  const native = own && PROTOCOL_OWNERS[client.name] === vendor;
  const give = openGiving({
    ...{ client: client.name, reader, signer, sealed: client.reasoning.sealed },
    // What a wire shows unasked, it shows its own clients.
    amount: own ? 'all' : client.reasoning.given(asked),
    native: native ? 'native' : 'foreign',
  });
  const closing = leaveOutClosingState(native ? 'given' : client.reasoning.behindText);
  return {
    toClient(event) {
      if (event.type === 'response-start') return [{ createdAt, ...event, model }];
      const inClientsTools = restored(withIds(event));
      if (remembers === 'yes') inClientsTools.forEach(recollection.hear);
      return through(through(inClientsTools, give), closing.take);
    },
    memories: () => recollection.memories(),
    losses: closing.losses,
  };
}

/** Events through one more stage. Most are one, and one does without another list. */
function through(
  events: readonly StreamEvent[],
  stage: (event: StreamEvent) => readonly StreamEvent[],
): readonly StreamEvent[] {
  const [only] = events;
  return events.length === 1 && only ? stage(only) : events.flatMap(stage);
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
      const ir = target.readAnswer(tryParseJson(body), options);
      for (const event of unfoldResponse(ir)) events.push(...rounds.take(event));
      if (events.at(-1)?.type !== 'response-end') return undefined;
      const { wire, losses } = client.writeAnswer(foldStream(events.flatMap(back.toClient)), asked);
      return {
        body: JSON.stringify(wire),
        losses: [...losses, ...rounds.losses(), ...back.losses()],
        memories: back.memories(),
      };
    },
    next: rounds.next,
  };
}
