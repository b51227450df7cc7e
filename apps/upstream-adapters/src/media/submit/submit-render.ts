import type { Attempt, CallContext, media, StreamFunction, SubmitOutcome } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { VendorFailure } from '@bytespike/protocols';

import { walkCredentials, type Walk } from '../../walk-credentials.js';
import { failureOf } from '../failure-of.js';
import { openInputs } from '../inputs/open-inputs.js';
import type { MediaPorts } from '../media-ports.js';
import { destinationOf, wireFacts } from '../media-wire.js';
import { failureIn } from '../render-report.js';
import { combineDraws, type Draw } from './combine-draws.js';
import { pictureTeller } from './picture-teller.js';
import { submitOnce, type Submission, type SubmitRun } from './submit-once.js';
import { writtenCreates, type WrittenCreate } from './written-creates.js';

type Submit = StreamFunction<(typeof media)['submit']>;
type Request = Parameters<Submit>[0];
type Sink = Parameters<Submit>[1];

/**
 * Asks one target for a render. It never throws for what happens before the vendor is called: nothing was started then,
 * and whoever asked must be able to tell that from a call that was lost.
 */
export async function submitRender(
  { input }: Request,
  sink: Sink,
  context: CallContext,
  ports: MediaPorts,
): Promise<SubmitOutcome> {
  const attempts: Attempt[] = [];
  try {
    const draw = await onTarget(input, sink, context, attempts, ports);
    return { ...draw, attempts };
  } catch (thrown) {
    return { submitted: { type: 'refused', failure: failureOf(GatewayError.from(thrown)) }, attempts };
  }
}

async function onTarget(
  input: Request['input'],
  sink: Sink,
  context: CallContext,
  attempts: Attempt[],
  ports: MediaPorts,
): Promise<Draw> {
  const { target, asked } = input;
  const to = destinationOf(target, ports.channels);
  const shut = ports.memory.enter(target);
  if (shut) {
    const retryAfterMs = Math.max(0, shut.until - ports.now());
    return refused({ kind: 'unavailable', message: 'the circuit is open', retryAfterMs });
  }
  let verdict: 'served' | 'failed' | 'neither' = 'neither';
  try {
    ports.memory.called(to.channel.id);
    const credentials = await ports.channels.credentials(to.channel.id);
    const inputs = await openInputs(asked, wireFacts(target).inputs, context, ports);
    let leaveRoom: (() => void) | undefined;
    try {
      const creates = writtenCreates(inputs.ready, target, input.mark);
      const [first, ...others] = creates;
      leaveRoom = ports.room.take(roomFor(creates));
      if (!leaveRoom) return refused(NO_ROOM);
      await sink.head({ unsent: [...first.written.unsent] });
      const tell = pictureTeller(sink);
      const draw = ({ written, ...place }: WrittenCreate): Promise<Draw> => {
        const drawing = { workId: input.workId, ...place, tell };
        const submission = { to, written, files: inputs.files, drawing, patienceMs: input.patienceMs };
        const walk = { target, credentials, attemptsLeft: input.attemptsLeft, context };
        return inTurn(submission, walk, attempts, ports).catch(inDoubt);
      };
      const [drawn, ...more] = await Promise.all([draw(first), ...others.map(draw)]);
      const combined = combineDraws([drawn, ...more]);
      verdict = verdictOf(combined);
      return combined;
    } finally {
      leaveRoom?.();
      await inputs.release();
    }
  } finally {
    ports.memory.ended(target, verdict);
  }
}

/** One create, with the target's credentials in turn. */
async function inTurn(
  submission: Submission,
  walk: Pick<Walk<SubmitRun>, 'target' | 'credentials' | 'attemptsLeft' | 'context'>,
  attempts: Attempt[],
  ports: MediaPorts,
): Promise<Draw> {
  const walked = await walkCredentials<SubmitRun>(
    {
      ...walk,
      ask: async (credential) => {
        const run = await submitOnce(submission, credential, walk.context, ports);
        attempts.push(run.attempt);
        return run;
      },
      refusalOf: ({ submitted }) => (submitted.type === 'refused' ? submitted.failure : undefined),
      hasServed: ({ submitted }) => submitted.type === 'accepted' || submitted.type === 'finished',
    },
    ports,
  );
  if (walked.asked === 'no') return refused(walked.failure);
  const { submitted, credentialId, sentAt, arrivedBy } = walked.run;
  return submitted.type === 'refused' ? { submitted } : { submitted, credentialId, sentAt, arrivedBy };
}

/** A mistake of ours somewhere in the middle: what the vendor has of it, nobody can say. */
const inDoubt = (thrown: unknown): Draw => ({
  submitted: { type: 'unclear', failure: failureOf(GatewayError.from(thrown)) },
});

/** Pictures that come inside answers are in memory until they are kept. */
const roomFor = (creates: readonly WrittenCreate[]): number =>
  creates.reduce((sum, { written }) => sum + (written.inlineBytes ?? 0), 0);

const NO_ROOM = {
  kind: 'unavailable',
  message: 'as many pictures are drawn as there is room for',
  // Some of them are done by then.
  retryAfterMs: 2_000,
} as const;

const refused = (failure: VendorFailure): Draw => ({ submitted: { type: 'refused', failure: failureOf(failure) } });

const ILL: ReadonlySet<string> = new Set(['upstream-transient', 'upstream-timeout', 'upstream-garbled']);

/** What a create says of the target's health: rules that refuse a prompt, and what our account may do, say nothing. */
function verdictOf({ submitted }: Draw): 'served' | 'failed' | 'neither' {
  const isTaken = submitted.type === 'accepted' || submitted.type === 'finished';
  const failure = isTaken ? failureIn(submitted.report) : submitted.failure;
  if (failure && ILL.has(failure.kind)) return 'failed';
  return isTaken ? 'served' : 'neither';
}
