import type { JsonObject } from '@bytespike/kernel';
import type { Part, SystemSegment, Turn } from '@bytespike/ir';

import { writeExact } from '../exact-json.js';
import { rawOfStretch, spokenAs, stretchesOf, type SpokenPart } from './model-stretches.js';
import { mediaToIr, plainToIr, rawOf, resultToIr, stateOf, thoughtToIr } from './parts-to-ir.js';
import type { WireContent, WirePart, WireRequest } from './schema.js';

/** A call of the last step that has no answer yet. */
interface OwedCall {
  readonly id: string;
  /** Whether the wire said the id, or it was made up here from the call's place. */
  readonly said: boolean;
  readonly name: string;
}

type WireResult = NonNullable<WirePart['functionResponse']>;

interface Reading {
  readonly owed: OwedCall[];
  /** Results since the model spoke, by the ids they name. */
  readonly given: Map<string, readonly WireResult[]>;
}

/** The turns of a conversation, with results matched to their calls by id, else by name and order (clients 0.17). */
export function contentsToIr(contents: readonly WireContent[]): readonly Turn[] {
  const reading: Reading = { owed: [], given: new Map() };
  return stretchesOf(contents).map((stretch): Turn => {
    const {
      at: index,
      contents: [content],
    } = stretch;
    if (content.role === 'model') {
      reading.owed.length = 0;
      reading.given.clear();
      const parts = modelParts(spokenAs(stretch), reading);
      return { role: 'assistant', form: 'parts', parts, ...rawOfStretch(stretch) };
    }
    const read = content.parts.map((part, at) => userParts(part, `${index}_${at}`, reading));
    const whole = !read.includes(REPEATED);
    return { role: 'user', form: 'parts', parts: read.flat(), ...(whole && rawOf(content)) };
  });
}

/** Gemini CLI repeats its results when it resumes a session. A vendor would refuse the second, which says nothing new. */
const REPEATED: readonly Part[] = [];
const isSame = (one: WireResult, other: WireResult): boolean => JSON.stringify(one) === JSON.stringify(other);

function userParts(wire: WirePart, place: string, { owed, given }: Reading): readonly Part[] {
  const { functionResponse: response } = wire;
  if (!response) return plainToIr(wire);
  const { id, name } = response;
  const at = owed.findIndex((call) => (id !== undefined && call.said ? call.id === id : call.name === name));
  if (id !== undefined) {
    const before = given.get(id) ?? [];
    if (at < 0 && before.some((one) => isSame(one, response))) return REPEATED;
    given.set(id, [...before, response]);
  }
  const [call] = at < 0 ? [] : owed.splice(at, 1);
  return [resultToIr(response, call?.id ?? id ?? `unmatched_${place}`)];
}

/** What the model said. Thoughts that came in several pieces of a stream are one again. */
function modelParts(said: readonly SpokenPart[], { owed }: Reading): readonly Part[] {
  const parts: Part[] = [];
  let thought: string | undefined;
  const closeThought = (signature?: string): void => {
    if (thought !== undefined) parts.push(thoughtToIr(thought, signature));
    thought = undefined;
  };
  said.forEach(({ part, place }) => {
    const { functionCall: call, thoughtSignature } = part;
    if (part.thought === true && part.text !== undefined) {
      thought = (thought ?? '') + part.text;
      if (thoughtSignature !== undefined) closeThought(thoughtSignature);
      return;
    }
    closeThought();
    if (!call) return void parts.push(...plainToIr(part));
    const id = call.id ?? `call_${place}`;
    owed.push({ id, said: call.id !== undefined, name: call.name });
    parts.push(...stateOf(part, 'thought-signature'), {
      type: 'tool-call',
      id,
      name: call.name,
      kind: 'function',
      argumentsText: writeExact(call.args ?? {}),
      ...(thoughtSignature === undefined && rawOf(part)),
    });
  });
  closeThought();
  return parts;
}

/** The leading instruction: a content, or the text or parts that clients take for one. */
export function instructionToIr(instruction: WireRequest['systemInstruction']): readonly SystemSegment[] {
  if (instruction === undefined) return [];
  const listed = typeof instruction === 'string' ? [instruction] : Array.isArray(instruction) ? instruction : undefined;
  const wire = listed ? listed.map((entry) => (typeof entry === 'string' ? { text: entry } : entry)) : undefined;
  const content = wire ? { parts: wire } : (instruction as Exclude<typeof instruction, string | unknown[]>);
  const parts = content.parts.map(instructionPart);
  return [{ role: 'system', slot: 'field', form: 'parts', parts, ...rawOf(content) }];
}

function instructionPart(wire: WirePart): SystemSegment['parts'][number] {
  if (wire.text !== undefined) return { type: 'text', text: wire.text };
  const media = mediaToIr(wire);
  return media?.type === 'media' ? media : { type: 'opaque', protocol: 'gemini-generate', data: wire as JsonObject };
}
