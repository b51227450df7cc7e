import type { CallContext, media, RpcFunction } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';
import type { LookedUp, LostSubmit, LookingUp, MediaSource } from '@bytespike/media';

import type { Credential } from '../domain/credential-choice.js';
import { askVendor } from './calls/ask-vendor.js';
import { observedCall, statusOf } from './calls/observed-call.js';
import { sourcesOf, withSources } from './inputs/request-sources.js';
import type { MediaPorts } from './media-ports.js';
import { destinationOf, filmVendor, pictureVendor, type Destination } from './media-wire.js';

type LookUp = RpcFunction<(typeof media)['lookUp']>;
type Input = Parameters<LookUp>[0];
type Output = Awaited<ReturnType<LookUp>>;

/**
 * Asks whether a submit whose answer was lost has started something, with the credential it was sent with, or with all of
 * them where nobody knows. Throws `unavailable` where the vendor gave no answer: it is asked again later.
 */
export async function lookUpRender(input: Input, context: CallContext, ports: MediaPorts): Promise<Output> {
  const question = questionOf(input);
  if (!question) return { type: 'unclear' };
  const to = destinationOf(input.target, ports.channels);
  const all = await ports.channels.credentials(to.channel.id);
  const asked = input.credentialId === undefined ? all : all.filter(({ id }) => id === input.credentialId);
  const told: Output[] = [];
  for (const credential of asked) told.push(await lookUpWith(question, to, credential, context, ports));
  const found = told.flatMap((one) => (one.type === 'found' ? [one] : []));
  const [first] = found;
  // Keys of one account see the same list; two renders cannot both be the lost one.
  if (first) return found.every(({ upstreamId }) => upstreamId === first.upstreamId) ? first : { type: 'unclear' };
  // Nothing is known of an account that nobody could ask.
  return told.length > 0 && told.every(({ type }) => type === 'absent') ? { type: 'absent' } : { type: 'unclear' };
}

/** A list's question with the submit it is asked for. */
interface Question {
  readonly call: ReturnType<LookingUp<never>['request']>;
  readonly read: (answer: Parameters<LookingUp<never>['answer']>[0]) => LookedUp;
}

/** A vendor repeats what it was asked for in words; bytes are not compared, so none are fetched for it. */
const BLANK: MediaSource = { type: 'inline', mediaType: 'image/png', base64: '' };

function questionOf(input: Input): Question | undefined {
  const { target, asked } = input;
  const sources = sourcesOf(asked).map((source) => (source.type === 'address' ? source : BLANK));
  const ready = withSources(asked, sources);
  if (ready.kind === 'video') return question(filmVendor(target).lookUp, lostOf(input, ready.request));
  return question(pictureVendor(target).lookUp, lostOf(input, ready.request));
}

const lostOf = <Request>({ target, mark, sentAt, arrivedBy, known }: Input, asked: Request): LostSubmit<Request> => ({
  asked,
  to: { upstreamModel: target.upstreamModel, mark },
  sentAt,
  arrivedBy,
  known: new Set(known),
});

const question = <Request>(lookUp: LookingUp<Request> | undefined, lost: LostSubmit<Request>): Question | undefined =>
  lookUp && { call: lookUp.request(lost), read: (answer) => lookUp.answer(answer, lost) };

/** Statuses after which the same question may be answered. */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 429;

const lookUpWith = (
  { call, read }: Question,
  to: Destination,
  credential: Credential,
  context: CallContext,
  ports: MediaPorts,
): Promise<Output> =>
  observedCall('look-up', to, async (describe) => {
    const exchanged = await askVendor(to, credential, call, context, ports);
    if (exchanged.ended === 'broken' || isPassing(exchanged.answer.status))
      throw new GatewayError('unavailable', 'the vendor could not be asked');
    describe({ status: statusOf(exchanged) });
    const told = read(exchanged.answer);
    return told.type === 'found' ? { ...told, credentialId: credential.id } : told;
  });
