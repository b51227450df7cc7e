import type { Raw } from '@bytespike/ir';

import { rawOf } from './parts-to-ir.js';
import type { WireContent, WirePart } from './schema.js';

/** One turn as its client wrote it: one content, or as many as a stream brought. */
interface Stretch {
  /** Where its first content stood. */
  readonly at: number;
  readonly contents: readonly [WireContent, ...WireContent[]];
}

/**
 * Neighbouring contents of the model are one turn: the SDK's chats keep a stream as it came, a content for each chunk,
 * and the responses to a call stand behind them all.
 */
export function stretchesOf(contents: readonly WireContent[]): readonly Stretch[] {
  const stretches: { at: number; contents: [WireContent, ...WireContent[]] }[] = [];
  contents.forEach((content, at) => {
    const before = stretches.at(-1);
    if (content.role === 'model' && before?.contents[0].role === 'model') before.contents.push(content);
    else stretches.push({ at, contents: [content] });
  });
  return stretches;
}

/** A stretch for the way back to this wire: its only content as it is, or all of them. */
export const rawOfStretch = ({ contents }: Stretch) => rawOf(contents.length === 1 ? contents[0] : { contents });

/** The contents that a turn of this wire was written as; undefined for turns of other wires. */
export function writtenContents(raw: Raw | undefined): readonly WireContent[] | undefined {
  if (raw?.protocol !== 'gemini-generate') return undefined;
  const { contents } = raw.value;
  return Array.isArray(contents) ? (contents as readonly WireContent[]) : [raw.value as WireContent];
}

/** A part, and where it stood: `content_part`. */
export interface SpokenPart {
  readonly part: WirePart;
  readonly place: string;
}

/** What the model said in one stretch. A text that goes on in the next content is one text, and an empty one its end. */
export function spokenAs({ at, contents }: Stretch): readonly SpokenPart[] {
  const said: SpokenPart[] = [];
  contents.forEach((content, nth) =>
    content.parts.forEach((part, index) => {
      const before = said.at(-1);
      const goesOn = nth > 0 && index === 0 && isPlainText(part);
      if (goesOn && part.text === '') return;
      if (goesOn && before && isPlainText(before.part))
        said[said.length - 1] = { ...before, part: { text: `${before.part.text}${part.text}` } };
      else said.push({ part, place: `${at + nth}_${index}` });
    }),
  );
  return said;
}

const isPlainText = (part: WirePart): boolean =>
  part.text !== undefined && Object.values(part).filter((value) => value !== undefined).length === 1;
