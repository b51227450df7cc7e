import type { Attempt, CallContext, SubmitOutcome } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { SubmitCall } from '@bytespike/media';

import { attempted } from '../../domain/attempted.js';
import type { Credential } from '../../domain/credential-choice.js';
import { observedCall, statusOf } from '../calls/observed-call.js';
import { requestBody } from '../calls/request-body.js';
import { exchangeWith, type Exchanged } from '../calls/vendor-exchange.js';
import { failureOf } from '../failure-of.js';
import type { InputFiles } from '../inputs/open-inputs.js';
import type { MediaPorts } from '../media-ports.js';
import { wireFacts, type Destination } from '../media-wire.js';
import { failureIn, noAnswer, renderReport } from '../render-report.js';
import { keptPictures, type Drawing, type DrawnWith } from './kept-pictures.js';
import { createPictureStream, emptyStream, type PictureStream } from './picture-stream.js';

/** One create, as it is sent to whichever credential's turn it is. */
export interface Submission {
  readonly to: Destination;
  readonly written: SubmitCall;
  readonly files: InputFiles;
  readonly drawing: Drawing;
  readonly patienceMs: number;
}

type Submitted = SubmitOutcome['submitted'];

/** What one create with one credential came to. */
export interface SubmitRun {
  readonly submitted: Submitted;
  readonly credentialId: string;
  readonly sentAt: number;
  readonly arrivedBy: number;
  readonly attempt: Attempt;
}

/**
 * Sends a create once. What it came to is said even where something of ours fails afterwards: by then the vendor may have
 * begun, and in doubt a create is never sent again.
 */
export async function submitOnce(
  submission: Submission,
  credential: Credential,
  context: CallContext,
  ports: MediaPorts,
): Promise<SubmitRun> {
  const { to, files, drawing, patienceMs } = submission;
  const { call } = submission.written;
  const { event } = wireFacts(to.target).submit;
  const by = { to, credential, drawing, context };
  const startedAt = ports.now();
  return observedCall('submit', to, async (describe) => {
    let pictures: PictureStream | undefined;
    const exchanged = await exchangeWith(
      {
        to,
        credential,
        call,
        body: call.body && requestBody(call.body, files, `form-${ports.newId()}`),
        patienceMs: Math.min(patienceMs, context.deadline - startedAt),
        signal: context.signal,
        takerOf: ({ headers }) => {
          if (!event || !headers['content-type']?.startsWith('text/event-stream')) return undefined;
          pictures = createPictureStream(event, by, ports);
          return pictures.data;
        },
      },
      ports,
    );
    const submitted = await resultOf(exchanged, pictures, by, ports).catch(unclear);
    const kind = failureKind(submitted);
    describe({ status: statusOf(exchanged), kind });
    const { sentAt, arrivedBy } = exchanged;
    const attempt = attemptOf(to, credential, exchanged, { kind, startedAt });
    return { submitted, credentialId: credential.id, sentAt, arrivedBy, attempt };
  });
}

async function resultOf(
  exchanged: Exchanged,
  pictures: PictureStream | undefined,
  by: DrawnWith,
  ports: MediaPorts,
): Promise<Submitted> {
  if (exchanged.ended === 'answered') await pictures?.end();
  const streamed = pictures?.report();
  // What has come has come, however the stream ended.
  if (streamed) return { type: 'finished', report: streamed };
  if (exchanged.ended === 'broken') {
    const failure = failureOf(exchanged.failure);
    return { type: exchanged.arrived === 'no' ? 'refused' : 'unclear', failure };
  }
  if (exchanged.taken === 'streamed') return { type: 'finished', report: emptyStream() };
  const { target } = by.to;
  const told = wireFacts(target).submit.answer(exchanged.answer);
  if (told.type === 'refused' || told.type === 'unclear') return { type: told.type, failure: failureOf(told.failure) };
  if (told.type === 'finished' && told.status.state === 'succeeded') return keptPictures(told.status, by, ports);
  const work = { workId: by.drawing.workId, target };
  if (told.type === 'finished') return { type: 'finished', report: await renderReport(told.status, work, ports) };
  // Its id is what must not be lost; how it does is asked again.
  const report = await renderReport(told.status, work, ports).catch((thrown: unknown) =>
    noAnswer(GatewayError.from(thrown)),
  );
  return { type: 'accepted', upstreamId: told.upstreamId, report };
}

const unclear = (thrown: unknown): Submitted => ({ type: 'unclear', failure: failureOf(GatewayError.from(thrown)) });

function failureKind(submitted: Submitted): Attempt['kind'] {
  if (submitted.type === 'refused' || submitted.type === 'unclear') return submitted.failure.kind;
  return submitted.type === 'finished' ? failureIn(submitted.report)?.kind : undefined;
}

function attemptOf(
  { target }: Destination,
  credential: Credential,
  exchanged: Exchanged,
  { kind, startedAt }: Pick<Attempt, 'kind' | 'startedAt'>,
): Attempt {
  const status = statusOf(exchanged);
  return {
    ...attempted(target, credential),
    ...(status !== undefined && { status }),
    ...(kind && { kind }),
    startedAt,
    durationMs: exchanged.durationMs,
  };
}
