import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Delivery } from './line.js';
import { pause, stopMidway, write, writeUnseen } from './line.js';
import type { FileReply } from './wire.js';

const CHUNK_BYTES = 64 * 1024;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/** Writes a file piece by piece, as fast as its reader reads; only the first piece is kept in the record. */
export const deliverFile = async (reply: FileReply, delivery: Delivery): Promise<void> => {
  const { response, plan, gone } = delivery;
  const whole = reply.end - reply.start;
  response.writeHead(reply.status, {
    ...reply.headers,
    'content-length': String(Math.max(0, whole + (plan.wrongLengthBytes ?? 0))),
  });
  response.flushHeaders();
  if (plan.slowFirstMs !== undefined) await pause(plan.slowFirstMs, gone);
  const halves = plan.cutAfter !== undefined || plan.stallAfter !== undefined;
  const stopAt = reply.start + Math.min(whole, plan.cutBytes ?? (halves ? Math.ceil(whole / 2) : whole));
  const step = plan.chunkBytes ?? CHUNK_BYTES;
  for (let at = reply.start; at < stopAt && !gone.aborted; at += step) {
    const piece = bytesOf(reply, at, Math.min(at + step, stopAt));
    await (at === reply.start ? write(delivery, piece) : writeUnseen(delivery, piece));
    if (plan.dripMs !== undefined) await pause(plan.dripMs, gone);
    else if (plan.chunkBytes !== undefined) await nextTurn();
  }
  if (gone.aborted) return;
  if (halves || plan.cutBytes !== undefined || plan.wrongLengthBytes !== undefined) return stopMidway(delivery);
  response.end();
};

const bytesOf = ({ file }: FileReply, from: number, to: number): Buffer => {
  if (from >= file.head.length)
    return to - from <= CHUNK_BYTES ? ZEROS.subarray(0, to - from) : Buffer.alloc(to - from);
  if (to <= file.head.length) return file.head.subarray(from, to);
  return Buffer.concat([file.head.subarray(from), Buffer.alloc(to - file.head.length)]);
};
