import { inTurn, type Decoding, type Step, type Take } from './decoding.js';
import { readSignature, SHOWN_THOUGHT } from './thought-signature.js';

/** Ends the thought that is being told. */
export const closeThought: Take = (state) => {
  if (state.open !== 'thought') return [state, []];
  const index = state.next - 1;
  return [
    { ...state, open: undefined },
    [
      { type: 'capsule', index, capsule: SHOWN_THOUGHT },
      { type: 'part-end', index },
    ],
  ];
};

/** Ends texts behind which another is said. The last one stays open: what supports it comes at the very end. */
export const closeTexts: Take = (state) => {
  const ending = state.texts.filter(({ open }) => open);
  return [
    { ...state, texts: state.texts.map((said) => ({ ...said, open: false })) },
    ending.map(({ index }) => ({ type: 'part-end', index })),
  ];
};

/** Says text in the part that is open for it, or begins one. */
export function say(state: Decoding, text: string): Step {
  if (text === '') return [state, []];
  const last = state.texts.at(-1);
  if (state.open === 'text' && last) {
    const texts = [...state.texts.slice(0, -1), { ...last, text: last.text + text }];
    return [{ ...state, texts }, [{ type: 'text-delta', index: last.index, text }]];
  }
  return inTurn(state, [
    closeThought,
    // In a whole answer everything has been said, so every text can wait for what supports it.
    ...(state.form === 'stream' ? [closeTexts] : []),
    (current) => {
      const { next: index, wireNext: wirePart } = current;
      const texts = [...current.texts, { index, wirePart, text, open: true }];
      const open = current.form === 'stream' ? ('text' as const) : undefined;
      return [
        { ...current, next: index + 1, wireNext: wirePart + 1, open, texts },
        [
          { type: 'part-start', index, part: { type: 'text' } },
          { type: 'text-delta', index, text },
        ],
      ];
    },
  ]);
}

/** Tells of a thought, up to the piece that signs it. */
export function think(state: Decoding, text: string, signature: string | undefined): Step {
  const capsule = readSignature(signature, 'thought-signature');
  const close: Take = (current) => {
    if (current.open !== 'thought' || !capsule) return current.form === 'whole' ? closeThought(current) : [current, []];
    const index = current.next - 1;
    return [
      { ...current, open: undefined },
      [
        { type: 'capsule', index, capsule },
        { type: 'part-end', index },
      ],
    ];
  };
  if (state.open === 'thought') {
    const index = state.next - 1;
    return inTurn(state, [
      (current) => [current, text === '' ? [] : [{ type: 'reasoning-delta', index, segment: 0, text }]],
      close,
    ]);
  }
  if (text === '') return capsule ? keepState(state, signature, 'thought-signature') : [state, []];
  return inTurn(state, [
    (current) => {
      const index = current.next;
      return [
        { ...current, next: index + 1, wireNext: current.wireNext + 1, open: 'thought' },
        [
          { type: 'part-start', index, part: { type: 'reasoning', visibility: 'summary' } },
          { type: 'reasoning-delta', index, segment: 0, text },
        ],
      ];
    },
    close,
  ]);
}

/** State without words, as a part before the call or behind the text that it belongs to. */
export function keepState(
  state: Decoding,
  signature: string | undefined,
  kind: 'thought-signature' | 'text-signature',
): Step {
  const capsule = readSignature(signature, kind);
  if (!capsule) return [state, []];
  const index = state.next;
  return [
    { ...state, next: index + 1, open: undefined },
    [
      { type: 'part-start', index, part: { type: 'reasoning', visibility: 'redacted' } },
      { type: 'capsule', index, capsule },
      { type: 'part-end', index },
    ],
  ];
}
