import { GatewayError, type JsonObject, type JsonValue } from '@bytespike/kernel';
import type { Encoded, GenerateRequest, GenerateResponse, StreamEvent } from '@bytespike/ir';
import type { z } from 'zod';

import { writeExact } from '../exact-json.js';
import type { Addressee, Protocol, Speaker } from '../protocol.js';
import type { SseFields } from '../sse.js';
import { describeIssue } from './describe-issue.js';

export interface StreamDecoder {
  /** Throws `upstream-garbled` for a record that is not of this wire. */
  push(record: SseFields): readonly StreamEvent[];
  end(): readonly StreamEvent[];
}

export interface StreamEncoder {
  readonly contentType: string;
  push(event: StreamEvent): string;
}

/** A protocol with its wire types sealed in, so that any two of them can be joined. */
export interface Translatable extends Pick<
  Protocol<unknown, unknown, unknown, unknown, unknown>,
  | 'name'
  | 'names'
  | 'fields'
  | 'place'
  | 'reasoning'
  | 'continuing'
  | 'toolForms'
  | 'foreignFields'
  | 'featureHeaders'
  | 'usageOnRequest'
> {
  /** Throws `invalid-request` naming the place. */
  readRequest(json: JsonValue): GenerateRequest;
  writeRequest(ir: GenerateRequest, to: Addressee): Encoded<JsonObject>;
  /** Throws `upstream-garbled` naming the place. */
  readAnswer(json: JsonValue | undefined, from?: Speaker): GenerateResponse;
  writeAnswer(ir: GenerateResponse, asked?: GenerateRequest): Encoded<JsonObject>;
  openDecoder(from?: Speaker): StreamDecoder;
  openEncoder(asked?: GenerateRequest, query?: string): StreamEncoder;
  readonly comments: 'tolerated' | 'refused';
}

function parse<T>(schema: z.ZodType<T>, value: unknown, kind: 'invalid-request' | 'upstream-garbled'): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = describeIssue(parsed.error.issues);
  throw new GatewayError(kind, `${path === '' ? 'body' : path}: ${message}`, { details: { param: path } });
}

/** The chunks of a stream as one JSON list, which is closed by nothing but a normal end. */
function openList(): (chunks: readonly unknown[], event: StreamEvent) => string {
  let written = 0;
  return (chunks, event) => {
    const entries = chunks.map((chunk) => `${written++ === 0 ? '[' : ',\r\n'}${writeExact(chunk)}`);
    return entries.join('') + (event.type === 'response-end' ? '\r\n]' : '');
  };
}

export function translatable<Request extends object, Response extends object, Chunk, Decoding, Encoding>(
  protocol: Protocol<Request, Response, Chunk, Decoding, Encoding>,
): Translatable {
  const { name, names, fields, place, reasoning, toolForms, foreignFields, featureHeaders, usageOnRequest } = protocol;
  const { schema, toIr, fromIr, stream, framing, continuing } = protocol;
  return {
    ...{ name, names, fields, place, reasoning, toolForms, foreignFields, featureHeaders, usageOnRequest },
    ...(continuing && { continuing }),
    readRequest: (json) => toIr.request(parse(schema.request, json, 'invalid-request')),
    writeRequest: (ir, to) => fromIr.request(ir, to) as Encoded<JsonObject>,
    readAnswer: (json, from) => toIr.response(parse(schema.response, json, 'upstream-garbled'), from),
    writeAnswer: (ir, asked) => fromIr.response(ir, asked) as Encoded<JsonObject>,
    comments: framing.comments,
    openDecoder(from) {
      let state = stream.decode.start(from);
      return {
        push(record) {
          const value = framing.read(record);
          if (value === undefined) return [];
          const [next, events] = stream.decode.step(state, parse(schema.chunk, value, 'upstream-garbled'));
          state = next;
          return events;
        },
        end: () => stream.decode.end(state),
      };
    },
    openEncoder(asked, query) {
      let state = stream.encode.start(asked);
      const listed = query !== undefined && framing.form?.(query) === 'list';
      const write = listed
        ? openList()
        : (chunks: readonly Chunk[]): string => chunks.reduce((text, chunk) => text + framing.write(chunk), '');
      return {
        contentType: listed ? 'application/json; charset=utf-8' : 'text/event-stream; charset=utf-8',
        push(event) {
          const [next, chunks] = stream.encode.step(state, event);
          state = next;
          return write(chunks, event);
        },
      };
    },
  };
}
