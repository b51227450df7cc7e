import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DEFAULT_GATE } from '../faults/fault-plan.js';
import { deliverFile } from './deliver-file.js';
import type { Delivery } from './line.js';
import { hangUp, pause, stopMidway, untilGone, write } from './line.js';
import type { Frame, JsonReply, Reply, StreamReply } from './wire.js';

type TextReply = JsonReply | StreamReply;

/** Whether an answer can go out in one piece, at once. */
export const isPrompt = (reply: Reply): reply is TextReply =>
  reply.type !== 'file' &&
  reply.afterMs === undefined &&
  (reply.type === 'json' || reply.frames.every(({ afterMs }) => afterMs === undefined));

/** Writes an answer at once, as a healthy vendor with nothing to think about. */
export const deliverPlainly = (reply: TextReply, response: ServerResponse, sent: (bytes: string) => void): void => {
  const body = reply.type === 'json' ? reply.body : textOf(reply.frames);
  response.writeHead(reply.status, reply.type === 'json' ? withLength(reply.headers, body) : reply.headers);
  sent(body);
  response.end(body);
};

const textOf = (frames: readonly Frame[]): string => {
  let text = '';
  for (const frame of frames) text += frame.text;
  return text;
};

const withLength = (headers: Readonly<Record<string, string>>, body: string | Buffer) => ({
  ...headers,
  'content-length': String(Buffer.byteLength(body)),
});

/** Writes an answer the way a fault plan says: late, slowly, in pieces, in part or not at all. */
export const deliverFaultily = async (reply: Reply, delivery: Delivery): Promise<void> => {
  const { response, plan, gates, gone } = delivery;
  if (plan.hold !== undefined && plan.holdAfter === undefined) await gates.wait(plan.hold, gone);
  if (plan.slowHeadersMs !== undefined) await pause(plan.slowHeadersMs, gone);
  if (plan.hang) await untilGone(gone);
  if (gone.aborted) return;
  if (plan.reset && plan.cutAfter === undefined && plan.cutBytes === undefined) return hangUp(delivery);
  if (reply.afterMs !== undefined) await pause(reply.afterMs, gone);
  if (reply.type === 'file') return deliverFile(reply, delivery);
  if (plan.gzip || plan.cutBytes !== undefined || plan.chunkBytes !== undefined) return deliverInBytes(reply, delivery);
  if (reply.type === 'stream') return deliverFrames(reply, delivery);
  if (plan.slowFirstMs !== undefined) await pause(plan.slowFirstMs, gone);
  if (gone.aborted) return;
  if (plan.cutAfter === undefined && plan.stallAfter === undefined)
    return deliverPlainly(reply, response, delivery.sent);
  // A body has no frames: half of it goes out, its length announced in full, and then the line is cut or falls silent.
  response.writeHead(reply.status, withLength(reply.headers, reply.body));
  await write(delivery, reply.body.slice(0, Math.ceil(reply.body.length / 2)));
  await stopMidway(delivery);
};

const deliverFrames = async (reply: StreamReply, delivery: Delivery): Promise<void> => {
  const { response, plan, gates, gone } = delivery;
  const stopAfter = plan.cutAfter ?? plan.stallAfter;
  response.writeHead(reply.status, reply.headers);
  response.flushHeaders();
  let awaitsFirst = plan.slowFirstMs !== undefined;
  for (const [index, frame] of reply.frames.entries()) {
    if (index === stopAfter) return stopMidway(delivery);
    if (index === plan.holdAfter) await gates.wait(plan.hold ?? DEFAULT_GATE, gone);
    if (awaitsFirst && frame.part === 'content') {
      awaitsFirst = false;
      await pause(plan.slowFirstMs ?? 0, gone);
    }
    if (plan.dripMs !== undefined && index > 0) await pause(plan.dripMs, gone);
    if (frame.afterMs !== undefined) await pause(frame.afterMs, gone);
    if (gone.aborted) return;
    await write(delivery, frame.text);
  }
  response.end();
};

/** The faults that care for bytes, not frames: compression, cuts inside a record, and tiny pieces. */
const deliverInBytes = async (reply: TextReply, delivery: Delivery): Promise<void> => {
  const { response, plan, gone } = delivery;
  const text = Buffer.from(reply.type === 'json' ? reply.body : textOf(reply.frames));
  const whole = plan.gzip ? gzipSync(text) : text;
  const headers = plan.gzip ? { ...reply.headers, 'content-encoding': 'gzip' } : reply.headers;
  response.writeHead(reply.status, reply.type === 'json' ? withLength(headers, whole) : headers);
  const bytes = whole.subarray(0, plan.cutBytes);
  const step = plan.chunkBytes ?? Math.max(1, bytes.length);
  for (let start = 0; start < bytes.length && !gone.aborted; start += step) {
    await write(delivery, bytes.subarray(start, start + step));
    if (plan.chunkBytes !== undefined) await nextTurn();
  }
  if (gone.aborted) return;
  if (plan.cutBytes !== undefined) return stopMidway(delivery);
  response.end();
};
