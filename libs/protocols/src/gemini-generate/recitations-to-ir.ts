import { given } from '../given.js';
import { bytesUpTo, pointAtByte } from './byte-offsets.js';
import type { PlacedCitation, SaidText } from './grounding-to-ir.js';
import type { WireCandidate, WireRecitation } from './schema.js';

/** What an answer is said to repeat, by either name of the list: two doors of one vendor differ. */
export const recitationsIn = (candidate: WireCandidate | undefined): readonly WireRecitation[] => {
  const { citationSources, citations } = candidate?.citationMetadata ?? {};
  return citationSources ?? citations ?? [];
};

/** The works an answer repeats, as its citations. Their offsets count bytes of all that was said, thoughts left out. */
export function recitationsOf(
  recitations: readonly WireRecitation[],
  texts: readonly SaidText[],
): readonly PlacedCitation[] {
  const lastOpen = texts.findLast(({ open }) => open);
  if (!lastOpen) return [];
  return distinct(recitations).flatMap(({ uri, title, startIndex, endIndex }): PlacedCitation[] => {
    if (!uri) return [];
    const source = given({ url: uri, title: title || undefined });
    const place = placeOf(startIndex ?? 0, endIndex ?? undefined, texts);
    // A text that has ended takes no more citations: its source is told in one that has not.
    if (!place?.said.open) return [{ index: lastOpen.index, citation: source }];
    return [{ index: place.said.index, citation: { ...source, start: place.start, end: place.end } }];
  });
}

/** Chunks of a stream may repeat what earlier ones have told. */
const distinct = (recitations: readonly WireRecitation[]): readonly WireRecitation[] => [
  ...new Map(recitations.map((one) => [JSON.stringify([one.uri, one.startIndex, one.endIndex]), one])).values(),
];

function placeOf(startByte: number, endByte: number | undefined, texts: readonly SaidText[]) {
  let before = 0;
  for (const said of texts) {
    const bytes = bytesUpTo(said.text, Number.POSITIVE_INFINITY);
    if (startByte < before + bytes) {
      const end = pointAtByte(said.text, (endByte ?? Number.POSITIVE_INFINITY) - before);
      return { said, start: pointAtByte(said.text, startByte - before), end };
    }
    before += bytes;
  }
  return undefined;
}
