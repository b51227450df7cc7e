import type { Loss, StreamEvent } from '@bytespike/ir';

import { PROTOCOL_OWNERS } from '../owners.js';
import { leaveOutClosingState } from './reasoning/closing-state.js';
import { openGiving } from './reasoning/give-reasoning.js';
import { openRecollection, type Memory } from './reasoning/remembered-reasoning.js';
import { onlyBegunCalls } from './tools/begun-calls.js';
import { clientCallIds } from './tools/call-ids.js';
import type { Way } from './way.js';

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
  const begun = onlyBegunCalls();
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
      const inClientsTools = through(begun(event), (one) => restored(withIds(one)));
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
