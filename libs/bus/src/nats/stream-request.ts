import type { CallContext, StreamContract, StreamRequest } from '@bytespike/contracts';
import { GatewayError } from '@bytespike/kernel';

import { encodeFrame, FRAME_OVERHEAD_BYTES, RECORD, textRecord, type FrameRecord } from './frame.js';
import type { Link } from './link.js';
import { writeContext } from './wire-context.js';
import { encodeValue } from './wire-json.js';

/**
 * Sends the message that opens a stream: the input and as much of the body as fits, which is all of it for most
 * requests. Returns the rest of the body, which follows to the producer's own address as it grants credit.
 */
export function openRequest(
  link: Link,
  contract: StreamContract,
  request: StreamRequest<unknown>,
  address: string,
  context: CallContext,
): Uint8Array | undefined {
  const { subject } = contract;
  const { body } = request;
  const input = textRecord(RECORD.input, encodeValue(contract.input, request.input, `the input of ${subject}`));
  const inputBytes = input.pieces[0]?.length ?? 0;
  const room = link.messageBytesMax - FRAME_OVERHEAD_BYTES - inputBytes;
  if (room <= 0) throw new GatewayError('too-large', `the input of ${subject} is larger than one message`);

  const records: FrameRecord[] = [input];
  const first = body?.subarray(0, room);
  const rest = body && body.length > room ? body.subarray(room) : undefined;
  if (first) records.push({ type: RECORD.body, pieces: [first] });
  if (!rest) records.push({ type: RECORD.requestEnd, pieces: [] });
  link.send(subject, encodeFrame(0, records), { reply: address, headers: writeContext(context) });
  return rest;
}
