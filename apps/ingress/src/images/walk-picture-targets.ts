import type { AskedImage, CallContext, ClientFor, Failure, media, MediaTarget, Outcome } from '@bytespike/contracts';
import { GatewayError, LIMITS } from '@bytespike/kernel';
import { IMAGE_VENDORS, imageWire } from '@bytespike/media';

import { dropped } from '../domain/dropped-field.js';
import { readDrawn, type DrawnPicture } from '../domain/picture-outcome.js';
import type { PictureAnswer } from './picture-answer.js';
import { createNewsReader } from './read-news.js';

export interface PictureCall {
  readonly requestId: string;
  readonly request: AskedImage;
  /** Best first. */
  readonly targets: readonly MediaTarget[];
  /** Ends when the caller left, when the time is up, or when we go down. */
  readonly context: CallContext;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  /** A parameter in the client's words. */
  readonly where: (field: string) => string;
}

export interface PictureTargetPorts {
  readonly media: Pick<ClientFor<typeof media>, 'submit'>;
}

/** How the walk ended, and at which target; the attempts are those of all of them. */
export interface PictureWalk {
  readonly target: MediaTarget;
  readonly attempts: Outcome['attempts'];
  /** Empty with a failure. */
  readonly pictures: readonly DrawnPicture[];
  readonly failure?: Failure;
}

/** A vendor that is asked with less time left than this can only be late. */
const LEAST_PATIENCE_MS = 1_000;
const MARKS = 2 ** 31;

/**
 * Asks the targets of a plan one after the other, best first, until one has drawn, a failure says that no other would
 * help, or attempts or time are used up. One that may have begun to draw is the last: another would be paid for too.
 */
export async function walkPictureTargets(
  call: PictureCall,
  answer: PictureAnswer,
  ports: PictureTargetPorts,
): Promise<PictureWalk> {
  let walk: PictureWalk | undefined;
  let attemptsLeft: number = LIMITS.attemptsMax;
  for (const target of call.targets) {
    if (walk && (attemptsLeft <= 0 || leftMs(call) < LEAST_PATIENCE_MS)) break;
    const { mayTryNext, ...tried } = await tryTarget(call, target, attemptsLeft, answer, ports);
    attemptsLeft -= inARow(tried.attempts.length, call.request, target);
    walk = { ...tried, target, attempts: [...(walk?.attempts ?? []), ...tried.attempts] };
    if (!mayTryNext || answer.contentSent() || call.context.signal.aborted) break;
  }
  if (!walk) throw new GatewayError('internal', 'a plan came without targets');
  return walk;
}

const leftMs = ({ endsAt }: PictureCall): number => Math.max(1, endsAt - Date.now());

/** A vendor that draws few pictures in one call is asked for the others at the same time, not after it. */
function inARow(calls: number, { n }: AskedImage, target: MediaTarget): number {
  const wire = imageWire(target);
  const sideBySide = wire === undefined ? 1 : Math.ceil(n / IMAGE_VENDORS[wire].perCallMax);
  return Math.ceil(calls / sideBySide);
}

type Tried = Omit<PictureWalk, 'target'> & { readonly mayTryNext: boolean };

async function tryTarget(
  call: PictureCall,
  target: MediaTarget,
  attemptsLeft: number,
  answer: PictureAnswer,
  ports: PictureTargetPorts,
): Promise<Tried> {
  const { requestId, request, context, where } = call;
  const read = createNewsReader();
  const sink = {
    head: ({ unsent }: { readonly unsent: readonly string[] }) =>
      answer.begin(
        headOf(
          target,
          unsent.map((field) => dropped(where(field))),
        ),
      ),
    data: async (frame: Uint8Array) => {
      for (const news of read(frame)) await answer.news(news);
    },
  };
  const input = {
    workId: requestId,
    target,
    asked: { kind: 'image' as const, request },
    mark: Math.floor(Math.random() * MARKS),
    attemptsLeft,
    patienceMs: leftMs(call),
  };
  answer.begin(headOf(target, []));
  try {
    const outcome = await ports.media.submit({ input }, sink, context);
    const drawn = readDrawn(outcome);
    const { attempts } = outcome;
    if (!('failure' in drawn)) return { ...drawn, attempts, mayTryNext: false };
    return { ...drawn, failure: placed(drawn.failure, where), attempts, pictures: [] };
  } catch (thrown) {
    // Nobody told whether a vendor was asked, so no other is.
    const { kind, message } = GatewayError.from(thrown);
    return { failure: { kind, message }, attempts: [], pictures: [], mayTryNext: false };
  }
}

/** A failure about a field, which its caller may have called by another name. */
const placed = ({ param, ...failure }: Failure, where: PictureCall['where']): Failure =>
  param === undefined ? failure : { ...failure, param: where(param) };

const headOf = ({ model }: MediaTarget, warnings: string[]) => ({
  status: 200,
  contentType: 'application/json; charset=utf-8',
  headers: {},
  servedBy: model,
  warnings,
});
