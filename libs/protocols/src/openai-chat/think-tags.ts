const OPEN = '<think>';
const CLOSE = '</think>';

/** How far a text has been read that may begin with thinking between tags. */
export interface TagReading {
  readonly phase: 'before' | 'inside' | 'behind' | 'after';
  /** What might yet turn out to be a tag. */
  readonly held: string;
}

export const TAGS_UNREAD: TagReading = { phase: 'before', held: '' };

/** A piece of it, told apart. */
export interface Told {
  readonly reasoning: string;
  readonly text: string;
}

/** Reads on. Only a tag at the very beginning counts: one further in is something the model says. */
export function readTagged({ phase, held }: TagReading, piece: string): readonly [TagReading, Told] {
  const text = held + piece;
  if (phase === 'after')
    return [
      { phase, held: '' },
      { reasoning: '', text },
    ];
  if (phase === 'before') {
    const begun = text.trimStart();
    if (begun.startsWith(OPEN)) return readTagged({ phase: 'inside', held: '' }, begun.slice(OPEN.length));
    if (OPEN.startsWith(begun))
      return [
        { phase, held: text },
        { reasoning: '', text: '' },
      ];
    return [
      { phase: 'after', held: '' },
      { reasoning: '', text },
    ];
  }
  if (phase === 'inside') {
    const end = text.indexOf(CLOSE);
    if (end < 0) {
      const kept = tailThatMayClose(text);
      const reasoning = text.slice(0, text.length - kept);
      return [
        { phase, held: text.slice(text.length - kept) },
        { reasoning, text: '' },
      ];
    }
    const [next, told] = readTagged({ phase: 'behind', held: '' }, text.slice(end + CLOSE.length));
    return [next, { ...told, reasoning: text.slice(0, end) }];
  }
  // The blank line between thought and answer belongs to neither.
  const said = text.trimStart();
  return [
    { phase: said === '' ? 'behind' : 'after', held: '' },
    { reasoning: '', text: said },
  ];
}

/** What is owed when the text has ended. */
export function endTagged({ phase, held }: TagReading): Told {
  return phase === 'inside' ? { reasoning: held, text: '' } : { reasoning: '', text: held };
}

function tailThatMayClose(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length -= 1)
    if (CLOSE.startsWith(text.slice(text.length - length))) return length;
  return 0;
}

/** A text that came in one piece. */
export function wholeTagged(text: string): Told {
  const [reading, told] = readTagged(TAGS_UNREAD, text);
  const owed = endTagged(reading);
  return { reasoning: told.reasoning + owed.reasoning, text: told.text + owed.text };
}
