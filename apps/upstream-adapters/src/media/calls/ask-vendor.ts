import type { CallContext } from '@bytespike/contracts';
import { LIMITS } from '@bytespike/kernel';
import type { VendorCall } from '@bytespike/media';

import type { Credential } from '../../domain/credential-choice.js';
import type { MediaPorts } from '../media-ports.js';
import type { Destination } from '../media-wire.js';
import { exchangeWith, type Exchanged } from './vendor-exchange.js';

/** A question to the vendor about what it has been asked for: without a body, and answered while its caller still waits. */
export const askVendor = (
  to: Destination,
  credential: Credential,
  call: VendorCall,
  context: CallContext,
  ports: MediaPorts,
): Promise<Exchanged> =>
  exchangeWith(
    {
      to,
      credential,
      call,
      patienceMs: Math.min(LIMITS.renderAnswerMs, context.deadline - ports.now()),
      signal: context.signal,
    },
    ports,
  );

/** The one credential that knows a render; undefined where the channel has it no longer. */
export const credentialNamed = async (
  id: string,
  { channel }: Destination,
  { channels }: MediaPorts,
): Promise<Credential | undefined> => (await channels.credentials(channel.id)).find((one) => one.id === id);
